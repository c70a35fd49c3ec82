using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Client;

/// <summary>A stream that collects what a content writes into it and stops the writer at a limit.</summary>
/// <remarks>
/// A request's content is serialised, not read: that is what sending does, so content that can be sent again can also be guarded again, and
/// content that cannot says so instead of appearing empty.
/// </remarks>
internal sealed class CappedBuffer(ChunkedBytes chunks) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => chunks.Length;

    public override long Position
    {
        get => chunks.Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            // One byte beyond the limit is kept, which tells that the limit was passed.
            if (!chunks.TryGetFree(out var free))
            {
                throw new CapReachedException();
            }

            var count = Math.Min(free.Length, buffer.Length);
            buffer[..count].CopyTo(free.Span);
            chunks.Advance(count);
            buffer = buffer[count..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Unwinds a content's serialisation once enough has been seen.</summary>
internal sealed class CapReachedException : IOException;
