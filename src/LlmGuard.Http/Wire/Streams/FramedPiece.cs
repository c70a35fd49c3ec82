namespace LlmGuard.Http.Wire.Streams;

/// <summary>A text in a stream whose framing is more than lines: an item of an array, or what a binary message carries.</summary>
/// <param name="span">What is replaced when the text is edited: the item, or all of the message.</param>
/// <param name="frame">Makes the bytes that carry another text.</param>
internal sealed class FramedPiece(TextSpan span, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> frame) : StreamFrame
{
    protected override bool TryReplace(ReadOnlySpan<byte> stream, ReadOnlyMemory<byte> text, List<ByteSplice> splices)
    {
        // Two texts of one message, a chunk and what surrounds it, have no bytes of their own to go to.
        if (splices is [.., var last] && last.Span == span)
        {
            return false;
        }

        splices.Add(new ByteSplice(span, frame(text)));
        return true;
    }
}
