using LlmGuard.Plugins.DataMasking.Masks;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>Masks one channel of an answer while it arrives.</summary>
internal sealed class MaskingScanner(MaskingRules rules) : ISpanScanner
{
    private readonly ScanSession _session = rules.Plan.NewSession();
    private readonly List<ScanSpan> _spans = [];

    public int Advance(ReadOnlySpan<byte> pending, int context, int newBytes, bool isEnd, ICollection<SpanEdit> edits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context, pending.Length);
        ArgumentNullException.ThrowIfNull(edits);
        _spans.Clear();
        try
        {
            var released = _session.Advance(pending, context, isEnd, _spans);
            if (_spans.Count > 0)
            {
                Report(pending, edits);
            }

            return released;
        }
        catch (ScanBoundException bound)
        {
            // What cannot be judged must not pass: the stream is blocked before it.
            Block(new TextSpan(context, pending.Length - context), bound, edits);
            return pending.Length;
        }
    }

    public bool TryReset()
    {
        _session.Reset();
        return true;
    }

    // Apart, like what follows: most pieces of an answer hold nothing, and room for edits would be cleared for each of them.
    private void Report(ReadOnlySpan<byte> pending, ICollection<SpanEdit> edits)
    {
        foreach (var span in _spans)
        {
            if (rules.Of(span, pending) is { } rule)
            {
                edits.Add(new SpanEdit(new TextSpan(span.Start, span.Length), rule.For(span), rule.Id, rule.Type)
                {
                    IsFinding = rule.Action == MaskAction.Flag,
                    Confidence = span.Confidence / 100.0,
                });
            }
        }
    }

    private static void Block(TextSpan span, ScanBoundException bound, ICollection<SpanEdit> edits) =>
        edits.Add(new SpanEdit(span, null, "bounds", bound.Reason));
}
