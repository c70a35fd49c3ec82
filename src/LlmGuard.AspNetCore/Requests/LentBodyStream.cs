using LlmGuard.Http.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Requests;

/// <summary>A request's body for the rest of the pipeline: can be rewound and not written, and is gone when the call is over.</summary>
internal sealed class LentBodyStream(BoundedBody body) : Stream
{
    private readonly int _length = body.Bytes.Length;
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, int.MaxValue);
            _position = (int)value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, Math.Max(0, _length - _position));
        if (count == 0)
        {
            return 0;
        }

        // Whoever reads on after the call sees that it is over, not what another call has put into the same memory.
        if (!body.TryRetain())
        {
            throw new ObjectDisposedException(typeof(HttpRequest).FullName, "The request has ended.");
        }

        try
        {
            body.Bytes.Span.Slice(_position, count).CopyTo(buffer);
        }
        finally
        {
            body.Release();
        }

        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
        ? ValueTask.FromCanceled<int>(cancellationToken)
        : new ValueTask<int>(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
