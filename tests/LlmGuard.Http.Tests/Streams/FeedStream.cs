using System.Text;
using System.Threading.Channels;
using LlmGuard.Http.Streams;

namespace LlmGuard.Http.Tests.Streams;

/// <summary>An upstream's answer that comes when a test sends it.</summary>
internal sealed class FeedStream : ReadOnlyStream
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private ReadOnlyMemory<byte> _rest;

    public bool IsDisposed { get; private set; }

    public void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    public void Send(byte[] bytes) => _pieces.Writer.TryWrite(bytes);

    public void End(Exception? failure = null) => _pieces.Writer.Complete(failure);

    public override int Read(Span<byte> buffer)
    {
        var bytes = new byte[buffer.Length];
        var count = LlmGuard.Http.Client.SynchronousWait.For(ReadAsync(bytes));
        bytes.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty)
        {
            if (!await WaitAsync(cancellationToken))
            {
                return 0;
            }

            _pieces.Reader.TryRead(out var piece);
            _rest = piece;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        _pieces.Writer.TryComplete(new ObjectDisposedException(nameof(FeedStream)));
        base.Dispose(disposing);
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _pieces.Reader.WaitToReadAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or IOException))
        {
            throw new IOException("broken", failure);
        }
    }
}
