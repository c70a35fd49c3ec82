namespace LlmGuard.Http.Tests.Streams;

/// <summary>Blocks the word "forbidden", in a stream before its first byte.</summary>
internal sealed class StopWordPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("stop_word")
    {
        Stages = [GuardrailStage.PreResponse],
        DefaultStages = [GuardrailStage.PreResponse],
        Streaming = GuardrailStreaming.Span,
        RunsInline = true,
    };

    /// <summary>Whether every text might still become a match.</summary>
    public bool HoldsEverything { get; init; }

    public bool Throws { get; init; }

    /// <summary>Whether it says that it judges each text by itself.</summary>
    public bool IsPure { get; init; }

    /// <summary>Texts that were judged while they arrived, or to be judged alone: how often one was begun.</summary>
    public int Begun { get; private set; }

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new Evaluator(this);

    private sealed class Evaluator(StopWordPlugin plugin) : ISpanEvaluator, ISegmentEvaluator
    {
        public bool IsPurePerSegment(GuardrailStage stage) => plugin.IsPure;

        public SpanReach Reach => new(0, "forbidden".Length, 0);

        public ISpanScanner CreateScanner(SegmentRole role, SegmentKind kind) => new Scanner(plugin);

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            foreach (var segment in call.Content)
            {
                var at = segment.Utf8.Span.IndexOf("forbidden"u8);
                if (at >= 0)
                {
                    return ValueTask.FromResult(GuardrailVerdict.Block(null,
                        new GuardrailFinding("word", "word", segment.Index, new TextSpan(at, 9))));
                }
            }

            return ValueTask.FromResult(GuardrailVerdict.Allow);
        }
    }

    private sealed class Scanner(StopWordPlugin plugin) : ISpanScanner
    {
        public bool TryReset()
        {
            plugin.Begun++;
            return true;
        }

        public int Advance(ReadOnlySpan<byte> pending, int context, int newBytes, bool isEnd, ICollection<SpanEdit> edits)
        {
            if (plugin.Throws)
            {
                throw new InvalidOperationException("text of the answer");
            }

            if (plugin.HoldsEverything && !isEnd)
            {
                return context;
            }

            var at = pending[context..].IndexOf("forbidden"u8);
            if (at >= 0)
            {
                edits.Add(new SpanEdit(new TextSpan(context + at, 9), null, "word", "word"));
                return isEnd ? pending.Length : context + at + 9;
            }

            for (var length = isEnd ? 0 : Math.Min(8, pending.Length - context); length > 0; length--)
            {
                if ("forbidden"u8.StartsWith(pending[^length..]))
                {
                    return pending.Length - length;
                }
            }

            return pending.Length;
        }
    }
}
