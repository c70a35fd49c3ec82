using System.Buffers;
using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>An event stream without its usage event, for the one who reads it or the one who writes it.</summary>
internal sealed class UsageFilterStream(Stream inner, Dialect dialect) : Stream
{
    private const int BufferSize = 4096;

    private readonly UsageEventFilter _filter = new(dialect);
    private readonly ArrayBufferWriter<byte> _ready = new();
    private byte[]? _buffer;
    private int _taken;
    private bool _hasEnded;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        while (!TryTake(buffer, out read) && !_hasEnded)
        {
            Take(inner.Read(_buffer ??= new byte[BufferSize]));
        }

        return read > 0 || !TryTake(buffer, out var rest) ? read : rest;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        while (!TryTake(buffer.Span, out read) && !_hasEnded)
        {
            Take(await inner.ReadAsync(_buffer ??= new byte[BufferSize], cancellationToken).ConfigureAwait(false));
        }

        return read > 0 || !TryTake(buffer.Span, out var rest) ? read : rest;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _filter.Push(buffer, _ready);
        inner.Write(_ready.WrittenSpan);
        _ready.ResetWrittenCount();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _filter.Push(buffer.Span, _ready);
        await WriteReadyAsync(cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Writes what was held of an event that was not finished.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        _filter.End(_ready);
        await WriteReadyAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask WriteReadyAsync(CancellationToken cancellationToken)
    {
        if (_ready.WrittenCount > 0)
        {
            await inner.WriteAsync(_ready.WrittenMemory, cancellationToken).ConfigureAwait(false);
            _ready.ResetWrittenCount();
        }
    }

    private void Take(int read)
    {
        if (read == 0)
        {
            _hasEnded = true;
            _filter.End(_ready);
        }
        else
        {
            _filter.Push(_buffer.AsSpan(0, read), _ready);
        }
    }

    private bool TryTake(Span<byte> buffer, out int read)
    {
        var left = _ready.WrittenSpan[_taken..];
        read = Math.Min(buffer.Length, left.Length);
        left[..read].CopyTo(buffer);
        _taken += read;
        if (_taken == _ready.WrittenCount)
        {
            _ready.ResetWrittenCount();
            _taken = 0;
        }

        return read > 0 || buffer.IsEmpty;
    }
}
