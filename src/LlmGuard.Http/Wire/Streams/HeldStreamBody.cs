using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.Bodies;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>A streamed answer that was held whole. Events without edited text stay byte for byte as they were, in their order.</summary>
/// <param name="stream">The answer.</param>
/// <param name="frames">The texts it carries.</param>
/// <param name="lineValues">Where the segments of comments and other lines stand; empty where it has none.</param>
/// <param name="state">What its events share.</param>
/// <param name="content">Its content as one message.</param>
internal sealed class HeldStreamBody(
    ReadOnlyMemory<byte> stream,
    List<StreamFrame> frames,
    Dictionary<int, TextSpan> lineValues,
    JsonStreamState state,
    AssembledStream content) : ComposedBody
{
    public override BodyRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes)
    {
        if (changes.Count > 0)
        {
            return BodyRewrite.NotApplicable;
        }

        var eventEdits = content.ToEvents(edits);
        if (eventEdits.Count == 0)
        {
            return BodyRewrite.Unchanged;
        }

        if (state.Distribute(eventEdits) is not null)
        {
            return BodyRewrite.NotApplicable;
        }

        var splices = new List<ByteSplice>();
        var next = 0;
        foreach (var frame in frames)
        {
            if (!TrySpliceLines(eventEdits, ref next, frame.FirstSegment, splices))
            {
                return BodyRewrite.NotApplicable;
            }

            var own = next;
            while (next < eventEdits.Count && eventEdits[next].Segment < frame.EndSegment)
            {
                next++;
            }

            if (!frame.TryRewrite(eventEdits.GetRange(own, next - own), stream.Span, splices))
            {
                return BodyRewrite.NotApplicable;
            }
        }

        if (!TrySpliceLines(eventEdits, ref next, int.MaxValue, splices))
        {
            return BodyRewrite.NotApplicable;
        }

        // A comment may stand between the data lines of one event, so lines and frames come in two orders.
        splices.Sort(static (a, b) => a.Span.Start.CompareTo(b.Span.Start));
        return BodyRewrite.To(ByteSplice.Apply(stream.Span, splices));
    }

    /// <summary>
    /// Carries out the edits of comments and other lines before a segment. Those of assembled texts are carried by their fragments.
    /// </summary>
    private bool TrySpliceLines(List<TextEdit> edits, ref int next, int before, List<ByteSplice> splices)
    {
        for (; next < edits.Count && edits[next].Segment < before; next++)
        {
            if (!lineValues.TryGetValue(edits[next].Segment, out var value))
            {
                continue;
            }

            if (edits[next].Utf8.Span.ContainsAny((byte)'\r', (byte)'\n'))
            {
                return false;
            }

            splices.Add(new ByteSplice(edits[next].Span with { Start = value.Start + edits[next].Span.Start }, edits[next].Utf8));
        }

        return true;
    }
}
