namespace LlmGuard.AspNetCore.Tests.Doubles;

/// <summary>Masks "secret" and blocks "forbidden" in answers, in streams as far as no byte that follows can change it.</summary>
internal sealed class SpanWordsPlugin(GuardrailNeeds needs = GuardrailNeeds.Content) : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("span_words")
    {
        Stages = [GuardrailStage.PreResponse],
        DefaultStages = [GuardrailStage.PreResponse],
        Needs = needs,
        Streaming = GuardrailStreaming.Span,
        Rewrites = true,
        RunsInline = true,
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new Evaluator();

    private static ReadOnlySpan<byte> Masked => "secret"u8;

    private static ReadOnlySpan<byte> Blocked => "forbidden"u8;

    private sealed class Evaluator : ISpanEvaluator, ISpanScanner
    {
        public SpanReach Reach => new(0, Blocked.Length, 0);

        public ISpanScanner CreateScanner(SegmentRole role, SegmentKind kind) => this;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            var edits = new List<SegmentEdit>();
            foreach (var segment in call.Content)
            {
                var text = segment.Utf8.Span;
                if (text.IndexOf(Blocked) >= 0)
                {
                    return ValueTask.FromResult(GuardrailVerdict.Block());
                }

                for (int at, from = 0; (at = text[from..].IndexOf(Masked)) >= 0; from += at + Masked.Length)
                {
                    edits.Add(new SegmentEdit(segment.Index, new TextSpan(from + at, Masked.Length), Replacement.Literal("******")));
                }
            }

            return ValueTask.FromResult(edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits));
        }

        public int Advance(ReadOnlySpan<byte> pending, int context, int newBytes, bool isEnd, ICollection<SpanEdit> edits)
        {
            var done = context;
            for (var at = context; at < pending.Length; at++)
            {
                if (pending[at..].StartsWith(Blocked))
                {
                    edits.Add(new SpanEdit(new TextSpan(at, Blocked.Length), null, "word", "word"));
                    return isEnd ? pending.Length : at + Blocked.Length;
                }

                if (pending[at..].StartsWith(Masked))
                {
                    edits.Add(new SpanEdit(new TextSpan(at, Masked.Length), Replacement.Literal("******"), "word", "word"));
                    done = at + Masked.Length;
                    at = done - 1;
                }
                else if (!isEnd && (Masked.StartsWith(pending[at..]) || Blocked.StartsWith(pending[at..])))
                {
                    return at;
                }
                else
                {
                    done = at + 1;
                }
            }

            return done;
        }
    }
}
