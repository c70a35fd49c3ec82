using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.Bodies;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>A framed stream that was held whole. Frames without edited text stay byte for byte as they were.</summary>
internal sealed class FramedStreamBody(ReadOnlyMemory<byte> stream, List<FramedPiece> pieces, JsonStreamState state, AssembledStream content)
    : ReadBody
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
        foreach (var piece in pieces)
        {
            // Edits before the piece are those of assembled texts, which its fragments carry.
            while (next < eventEdits.Count && eventEdits[next].Segment < piece.FirstSegment)
            {
                next++;
            }

            var own = next;
            while (next < eventEdits.Count && eventEdits[next].Segment < piece.EndSegment)
            {
                next++;
            }

            if (!piece.TryRewrite(eventEdits.GetRange(own, next - own), out var text))
            {
                return BodyRewrite.NotApplicable;
            }

            if (text is { } changed)
            {
                // Two texts of one message, a chunk and what surrounds it, have no bytes of their own to go to.
                if (splices.Count > 0 && splices[^1].Span == piece.Span)
                {
                    return BodyRewrite.NotApplicable;
                }

                splices.Add(new ByteSplice(piece.Span, piece.Frame(changed)));
            }
        }

        return BodyRewrite.To(ByteSplice.Apply(stream.Span, splices));
    }
}
