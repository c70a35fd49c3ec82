using System.Buffers;
using System.IO.Compression;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>The <c>br</c> coding (RFC 7932).</summary>
internal sealed class BrotliCoding : ContentCoding
{
    public override BodyStop Decode(ReadOnlyMemory<byte> encoded, ChunkedBytes output, InflateRatio ratio, CancellationToken cancellationToken)
    {
        using var decoder = new BrotliDecoder();
        var rest = encoded.Span;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var hasRoom = output.TryGetFree(out var free);
            var status = decoder.Decompress(rest, free.Span, out var consumed, out var written);
            rest = rest[consumed..];
            output.Advance(written);
            if (ratio.IsPassedBy(output.Length))
            {
                return BodyStop.TooLarge;
            }

            switch (status)
            {
                case OperationStatus.Done:
                    return rest.IsEmpty ? BodyStop.None : BodyStop.Malformed;
                case OperationStatus.DestinationTooSmall when hasRoom:
                    continue;
                case OperationStatus.DestinationTooSmall:
                    return BodyStop.None; // The output knows which of its limits it was.
                default:
                    return BodyStop.Malformed;
            }
        }
    }
}
