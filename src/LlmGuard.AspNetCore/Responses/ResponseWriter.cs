using System.Buffers;
using System.IO.Pipelines;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// The response body as a writer. What is flushed is out of its hands at once, so a flush that nobody awaits neither tears nor repeats anything,
/// as it does not with the server's own writer (the BCL's writer over a stream writes it again).
/// </summary>
internal sealed class ResponseWriter(GuardedResponse response) : PipeWriter
{
    private const int LeastSize = 4096;

    private byte[] _buffer = [];
    private int _count;
    private bool _isComplete;
    private volatile bool _isCancelled;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _count;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        if (_isComplete)
        {
            throw new InvalidOperationException("The response has been completed.");
        }

        if (_buffer.Length - _count < Math.Max(1, sizeHint))
        {
            Grow(sizeHint);
        }

        return _buffer.AsMemory(_count);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _buffer.Length - _count);
        _count += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_count == 0)
        {
            return FlushAsync(ValueTask.CompletedTask, [], cancellationToken);
        }

        var (bytes, count) = (_buffer, _count);
        (_buffer, _count) = ([], 0);
        return FlushAsync(response.WriteAsync(bytes.AsMemory(0, count), cancellationToken), bytes, cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_count == 0 && !_isComplete)
        {
            return FlushAsync(response.WriteAsync(source, cancellationToken), [], cancellationToken);
        }

        this.Write(source.Span);
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush()
    {
        _isCancelled = true;
        response.LetGo();
    }

    public override void Complete(Exception? exception = null)
    {
        if (!_isComplete && _count > 0 && exception is null)
        {
            response.Write(_buffer.AsSpan(0, _count));
        }

        End();
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (!_isComplete && _count > 0 && exception is null)
        {
            await FlushAsync().ConfigureAwait(false);
        }

        End();
    }

    private ValueTask<FlushResult> FlushAsync(ValueTask writing, byte[] bytes, CancellationToken cancellationToken)
    {
        if (!writing.IsCompletedSuccessfully)
        {
            return WaitAsync(writing, bytes, cancellationToken);
        }

        Reuse(bytes);
        var flushing = response.FlushAsync(cancellationToken);
        return flushing.IsCompletedSuccessfully ? new ValueTask<FlushResult>(Flushed()) : WaitAsync(flushing);
    }

    private async ValueTask<FlushResult> WaitAsync(ValueTask writing, byte[] bytes, CancellationToken cancellationToken)
    {
        // Where this throws the bytes may still be on their way, so their memory is left to the collector.
        await writing.ConfigureAwait(false);
        Return(bytes);
        await response.FlushAsync(cancellationToken).ConfigureAwait(false);
        return Flushed();
    }

    private async ValueTask<FlushResult> WaitAsync(Task flushing)
    {
        await flushing.ConfigureAwait(false);
        return Flushed();
    }

    private FlushResult Flushed()
    {
        var isCancelled = _isCancelled;
        _isCancelled = false;
        return new FlushResult(isCancelled, isCompleted: false);
    }

    private void Grow(int sizeHint)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(LeastSize, Math.Max(checked(_count + sizeHint), 2 * _count)));
        _buffer.AsSpan(0, _count).CopyTo(grown);
        Return(_buffer);
        _buffer = grown;
    }

    private void Reuse(byte[] bytes)
    {
        if (_buffer.Length == 0 && !_isComplete)
        {
            _buffer = bytes;
            return;
        }

        Return(bytes);
    }

    private void End()
    {
        _isComplete = true;
        _count = 0;
        Return(_buffer);
        _buffer = [];
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
