namespace LlmGuard.Http.Tests.Streams;

/// <summary>Judges answers while they arrive as a test says, right or wrong.</summary>
internal sealed class ScriptedScannerPlugin(ScriptedScannerPlugin.Scan scan) : IGuardrailPlugin
{
    internal delegate int Scan(ReadOnlySpan<byte> pending, int context, bool isEnd, ICollection<SpanEdit> edits);

    public GuardrailPluginMetadata Metadata { get; } = new("scripted")
    {
        Stages = [GuardrailStage.PreResponse],
        DefaultStages = [GuardrailStage.PreResponse],
        Streaming = GuardrailStreaming.Span,
        RunsInline = true,
        Rewrites = true,
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new Evaluator(scan);

    private sealed class Evaluator(Scan scan) : ISpanEvaluator
    {
        public SpanReach Reach => new(0, 64, 0);

        public ISpanScanner CreateScanner(SegmentRole role, SegmentKind kind) => new Scanner(scan);

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GuardrailVerdict.Allow);
    }

    private sealed class Scanner(Scan scan) : ISpanScanner
    {
        public int Advance(ReadOnlySpan<byte> pending, int context, int newBytes, bool isEnd, ICollection<SpanEdit> edits) =>
            scan(pending, context, isEnd, edits);
    }
}
