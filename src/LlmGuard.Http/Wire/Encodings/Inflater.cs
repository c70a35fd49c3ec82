using System.IO.Compression;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>Inflates raw DEFLATE data (RFC 1951) whose exact extent is known.</summary>
internal static class Inflater
{
    /// <summary>Inflates; malformed unless the final block ends in the last byte.</summary>
    /// <param name="deflated">The data without any frame around it.</param>
    /// <param name="output">Gets the result.</param>
    /// <param name="ratio">The limit of inflation.</param>
    /// <param name="checksum">Is given the result piece by piece; null where the format has none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static BodyStop Inflate(
        ReadOnlyMemory<byte> deflated, ChunkedBytes output, InflateRatio ratio, IChecksum? checksum, CancellationToken cancellationToken)
    {
        using var input = new ExactInput(deflated);
        using var inflate = new DeflateStream(input, CompressionMode.Decompress);
        try
        {
            while (output.TryGetFree(out var free))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = inflate.Read(free.Span);
                if (read == 0)
                {
                    return input.WasReadExactly ? BodyStop.None : BodyStop.Malformed;
                }

                checksum?.Add(free.Span[..read]);
                output.Advance(read);
                if (ratio.IsPassedBy(output.Length))
                {
                    return BodyStop.TooLarge;
                }
            }

            return BodyStop.TooLarge;
        }
        catch (InvalidDataException)
        {
            return BodyStop.Malformed;
        }
    }

    /// <summary>
    /// Gives the last byte in a read of its own. The decompressor asks for it only if the data before has not ended, and asks again after it only
    /// if it has not ended either: so it shows whether the data ends exactly there, which the decompressor does not tell.
    /// </summary>
    private sealed class ExactInput(ReadOnlyMemory<byte> data) : Stream
    {
        private int _position;
        private bool _wasAskedForMore;

        public bool WasReadExactly => _position == data.Length && !_wasAskedForMore;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => data.Length;

        public override long Position { get => _position; set => throw new InvalidOperationException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var left = data.Length - _position;
            if (left == 0)
            {
                _wasAskedForMore = true;
                return 0;
            }

            var count = Math.Min(buffer.Length, left == 1 ? 1 : left - 1);
            data.Span.Slice(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new InvalidOperationException();

        public override void SetLength(long value) => throw new InvalidOperationException();

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException();
    }
}
