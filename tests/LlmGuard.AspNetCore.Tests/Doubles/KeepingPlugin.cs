namespace LlmGuard.AspNetCore.Tests.Doubles;

/// <summary>Masks one address in requests so that it can be restored.</summary>
internal sealed class KeepingPlugin : IGuardrailPlugin
{
    public const string Secret = "joe@example.com";

    public GuardrailPluginMetadata Metadata { get; } = new("keeping") { Rewrites = true, RunsInline = true };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new Evaluator();

    private sealed class Evaluator : IReversibleEvaluator
    {
        public ReversibleMasking Reversible { get; } = new("0123456789abcdef"u8);

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            var edits = new List<SegmentEdit>();
            foreach (var segment in call.Content)
            {
                if (segment.Text.IndexOf(Secret, StringComparison.Ordinal) is >= 0 and var at)
                {
                    edits.Add(new SegmentEdit(segment.Index, segment.ToUtf8(at, Secret.Length), Replacement.ReversibleToken(Reversible, "email")));
                }
            }

            return ValueTask.FromResult(edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits));
        }
    }
}
