namespace LlmGuard.Http.Tests.Streams;

/// <summary>Judges whole text, as a remote service would: says what a test tells it to, when it tells it to.</summary>
internal sealed class JudgePlugin(string name = "judge", bool rewrites = true) : IGuardrailPlugin
{
    private readonly Lock _gate = new();
    private readonly List<string> _seen = [];

    public GuardrailPluginMetadata Metadata { get; } = new(name)
    {
        Stages = [GuardrailStage.PreResponse],
        DefaultStages = [GuardrailStage.PreResponse],
        SendsContentOut = true,
        Rewrites = rewrites,
    };

    /// <summary>Its verdict on a text.</summary>
    public Func<GuardrailCall, ValueTask<GuardrailVerdict>> Verdict { get; set; } = static _ => ValueTask.FromResult(GuardrailVerdict.Allow);

    /// <summary>The texts it was shown, evaluation by evaluation.</summary>
    public IReadOnlyList<string> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    public static GuardrailVerdict BlockIf(GuardrailCall call, string word) =>
        call.Content.Any(s => s.Text.Contains(word, StringComparison.Ordinal)) ? GuardrailVerdict.Block() : GuardrailVerdict.Allow;

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new Evaluator(this);

    private sealed class Evaluator(JudgePlugin plugin) : IGuardrailEvaluator
    {
        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            lock (plugin._gate)
            {
                plugin._seen.Add(string.Concat(call.Content.Where(static s => s.Kind == SegmentKind.Message).Select(static s => s.Text)));
            }

            return plugin.Verdict(call);
        }
    }
}
