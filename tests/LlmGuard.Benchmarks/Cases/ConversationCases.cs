using System.Buffers.Text;
using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>A turn of a conversation: a history of 100 KB that was judged before, and 1 KB that was not.</summary>
internal static class ConversationCases
{
    private const int Messages = 100;
    private const int Message = 1024;

    public static IEnumerable<Comparison> All() =>
    [
        Of("all local guardrails", BenchmarkPolicies.AllLocal(cache: true), BenchmarkPolicies.AllLocal(cache: false)),
        Of("data_masking alone", BenchmarkPolicies.MaskConversation(cache: true), BenchmarkPolicies.MaskConversation(cache: false)),
    ];

    private static Comparison Of(string what, string cached, string plain) => new($"conversation of 100 KB growing by 1 KB, {what}", () =>
    {
        var (with, without) = (new Engine(cached), new Engine(plain));
        return Task.FromResult(new Pair(
            Side.Of("with \"cache\": true", Turn(with)),
            Side.Of("without", Turn(without)),
            with,
            without));
    });

    private static Func<ValueTask> Turn(Engine engine)
    {
        var text = ProseTexts.Of(Messages * Message)[0];
        var options = new GuardedCallOptions();
        var turns = 0;
        return async () =>
        {
            var builder = new GuardrailContentBuilder();
            for (var i = 0; i < Messages; i++)
            {
                builder.AddText(text.AsMemory(i * Message, Message), new SegmentInfo { Role = i % 2 == 0 ? SegmentRole.User : SegmentRole.Assistant, Kind = SegmentKind.Message });
            }

            // Never the same text twice.
            var added = text[..Message];
            Utf8Formatter.TryFormat(++turns, added, out var written);
            added[written] = (byte)' ';
            builder.AddText(added, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
            var decision = await engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, builder.Build(), options);
            if (decision.Action != GuardrailAction.Allow)
            {
                throw new InvalidOperationException("Something was found.");
            }
        };
    }
}
