using System.Collections.Concurrent;

namespace LlmGuard.Integration.Tests.Harness;

/// <summary>A guardrail whose settings give it a tag, a word it masks and a word it blocks; it remembers under which tag it judged what.</summary>
internal sealed class TagPlugin(GuardrailNeeds needs) : IGuardrailPlugin
{
    private readonly ConcurrentQueue<Judged> _judged = new();

    public TagPlugin()
        : this(GuardrailNeeds.Content)
    {
    }

    public GuardrailPluginMetadata Metadata { get; } = new("tag")
    {
        Needs = needs,
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse],
        Rewrites = true,
        RunsInline = true,
        DefaultMessage = "That word is not allowed.",
    };

    public IReadOnlyList<Judged> Judged => [.. _judged];

    public static string Entry(string tag, string rest = "", string mask = "peach", string block = "plum") =>
        $$"""{ "name": "tag", "settings": { "tag": "{{tag}}", "mask": "{{mask}}", "block": "{{block}}" } {{rest}} }""";

    public IGuardrailEvaluator Create(GuardrailSettings settings) =>
        new Evaluator(this, settings.String("tag", ""), settings.String("mask", "\0"), settings.String("block", "\0"));

    private sealed class Evaluator(TagPlugin plugin, string tag, string mask, string block) : IGuardrailEvaluator
    {
        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            plugin._judged.Enqueue(new Judged(tag, call.Stage, call.Caller.Consumer, [.. call.Content.Select(static s => s.Text)]));
            var edits = new List<SegmentEdit>();
            foreach (var segment in call.Content)
            {
                if (segment.Text.Contains(block, StringComparison.Ordinal))
                {
                    return ValueTask.FromResult(GuardrailVerdict.Block(null, new GuardrailFinding("block", "word", segment.Index)));
                }

                for (var at = segment.Text.IndexOf(mask, StringComparison.Ordinal); at >= 0; at = segment.Text.IndexOf(mask, at + mask.Length,
                    StringComparison.Ordinal))
                {
                    edits.Add(new SegmentEdit(segment.Index, segment.ToUtf8(at, mask.Length), Replacement.Literal($"[{tag}]")));
                }
            }

            return ValueTask.FromResult(edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits));
        }
    }
}

/// <summary>One evaluation.</summary>
internal sealed record Judged(string Tag, GuardrailStage Stage, string? Consumer, IReadOnlyList<string> Texts);
