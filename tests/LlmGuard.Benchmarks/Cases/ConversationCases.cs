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
        Of("all local guardrails", BenchmarkPolicies.AllLocal),
        Of("data_masking alone", BenchmarkPolicies.MaskConversation),
    ];

    private static Comparison Of(string what, Func<bool, string> policy) => new($"conversation of 100 KB growing by 1 KB, {what}", async () =>
    {
        var (with, without) = (new Engine(policy(true)), new Engine(policy(false)));
        var history = await CleanAsync(without);
        return new Pair(Side.Of("with \"cache\": true", Turn(with, history)), Side.Of("without", Turn(without, history)), with, without);
    });

    /// <summary>Messages in which nothing is found: words in random order now and then look like something.</summary>
    private static async Task<List<byte[]>> CleanAsync(Engine engine)
    {
        var clean = new List<byte[]>();
        foreach (var text in ProseTexts.Of(8 * Message).SelectMany(text => text.Chunk(Message)).Where(text => text.Length == Message))
        {
            if (clean.Count <= Messages && await EvaluateAsync(engine, [text]) == GuardrailAction.Allow)
            {
                clean.Add(text);
            }
        }

        return clean;
    }

    private static Func<ValueTask> Turn(Engine engine, List<byte[]> history)
    {
        var turns = 0;
        return async () =>
        {
            // Never the same text twice.
            var added = history[Messages].ToArray();
            for (var (rest, at) = (++turns, 0); rest > 0; rest >>= 4)
            {
                added[at++] = (byte)('a' + (rest & 15));
            }

            if (await EvaluateAsync(engine, [.. history[..Messages], added]) != GuardrailAction.Allow)
            {
                throw new InvalidOperationException("Something was found.");
            }
        };
    }

    private static async ValueTask<GuardrailAction> EvaluateAsync(Engine engine, IReadOnlyList<byte[]> messages)
    {
        // As the seams do it, which have proven the whole body valid and have its segments in lent memory.
        using var memory = new ContentMemory();
        var builder = new GuardrailContentBuilder(memory);
        builder.Expect(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            builder.AddValidText(
                messages[i], new SegmentInfo { Role = i % 2 == 0 ? SegmentRole.User : SegmentRole.Assistant, Kind = SegmentKind.Message });
        }

        return (await engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, builder.Build())).Action;
    }
}
