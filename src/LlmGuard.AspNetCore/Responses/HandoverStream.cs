using System.Threading.Tasks.Sources;
using LlmGuard.Http.Client;
using LlmGuard.Http.Streams;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// Hands what is written on one side to whoever reads on the other and keeps none of it: a write is over when its bytes have been taken and the
/// reader has come back for more, or has gone. So a writer that is faster than the caller, or than the judges, waits.
/// </summary>
/// <remarks>One writer and one reader. A reader that is waiting goes on in the writer's own call.</remarks>
internal sealed class HandoverStream : ReadOnlyStream, IValueTaskSource<int>, IValueTaskSource
{
    // Of writes that nobody awaits, as much as a pipe would take.
    private const int MostUnawaited = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly CancellationToken _aborted;
    private readonly CancellationTokenRegistration _abortion;
    private ManualResetValueTaskSourceCore<int> _reading;
    private ManualResetValueTaskSourceCore<bool> _writing = new() { RunContinuationsAsynchronously = true };
    private ReadOnlyMemory<byte> _offered;
    private Memory<byte> _wanted;
    private bool _isReading;
    private bool _isWriting;
    private bool _isComplete;
    private bool _isGone;
    private Exception? _failure;

    /// <param name="aborted">Ends the reading when it is cancelled.</param>
    public HandoverStream(CancellationToken aborted)
    {
        _aborted = aborted;
        _abortion = aborted.UnsafeRegister(static (stream, token) => ((HandoverStream)stream!).Complete(new OperationCanceledException(token)), this);
    }

    /// <summary>Hands bytes over.</summary>
    /// <param name="bytes">The bytes, which must stay as they are until the write is over.</param>
    public ValueTask OfferAsync(ReadOnlyMemory<byte> bytes)
    {
        var taken = 0;
        lock (_gate)
        {
            if (_isGone || bytes.IsEmpty)
            {
                return ValueTask.CompletedTask;
            }

            if (_isWriting)
            {
                AddUnawaited(bytes.Span);
                return ValueTask.CompletedTask;
            }

            _offered = bytes;
            if (_isReading)
            {
                taken = Take(_wanted.Span);
                (_isReading, _wanted) = (false, default);
            }
        }

        if (taken > 0)
        {
            _reading.SetResult(taken);
        }

        lock (_gate)
        {
            if (_isGone || (_offered.IsEmpty && _isReading))
            {
                return ValueTask.CompletedTask;
            }

            _writing.Reset();
            _isWriting = true;
            return new ValueTask(this, _writing.Version);
        }
    }

    /// <summary>Takes back what was offered and not taken, because its writer waits no longer.</summary>
    public void Retract()
    {
        lock (_gate)
        {
            if (!_isWriting)
            {
                return;
            }

            (_isWriting, _offered) = (false, default);
        }

        _writing.SetResult(true);
    }

    /// <summary>Says that nothing more is written.</summary>
    /// <param name="failure">What the reader gets; null when the writer has come to its end.</param>
    public void Complete(Exception? failure = null)
    {
        lock (_gate)
        {
            _failure = _isComplete ? _failure : failure;
            _isComplete = true;
            if (!_isReading)
            {
                return;
            }

            (_isReading, _wanted) = (false, default);
        }

        if (failure is null)
        {
            _reading.SetResult(0);
        }
        else
        {
            _reading.SetException(failure);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var bytes = new byte[buffer.Length];
        var read = SynchronousWait.For(ReadAsync(bytes));
        bytes.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        bool isAwaited;
        short version;
        lock (_gate)
        {
            if (!_offered.IsEmpty)
            {
                return new ValueTask<int>(Take(buffer.Span));
            }

            if (_isComplete || _isGone || buffer.IsEmpty)
            {
                return _failure is null ? new ValueTask<int>(0) : ValueTask.FromException<int>(_failure);
            }

            _reading.Reset();
            version = _reading.Version;
            (_isReading, _wanted) = (true, buffer);
            (isAwaited, _isWriting) = (_isWriting, false);
        }

        if (isAwaited)
        {
            _writing.SetResult(true);
        }

        var reading = new ValueTask<int>(this, version);
        return cancellationToken.CanBeCanceled && cancellationToken != _aborted ? WaitAsync(reading, cancellationToken) : reading;
    }

    int IValueTaskSource<int>.GetResult(short token) => _reading.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _reading.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reading.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => _writing.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _writing.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _writing.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _abortion.Dispose();
            Complete();
            lock (_gate)
            {
                _isGone = true;
            }

            Retract();
        }

        base.Dispose(disposing);
    }

    // Whoever gives a read up reads no more.
    private async ValueTask<int> WaitAsync(ValueTask<int> reading, CancellationToken cancellationToken)
    {
        using var _ = cancellationToken.UnsafeRegister(
            static (stream, token) => ((HandoverStream)stream!).Complete(new OperationCanceledException(token)), this);
        return await reading.ConfigureAwait(false);
    }

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _offered.Length);
        _offered.Span[..count].CopyTo(buffer);
        _offered = _offered[count..];
        return count;
    }

    private void AddUnawaited(ReadOnlySpan<byte> bytes)
    {
        if (_offered.Length + bytes.Length > MostUnawaited)
        {
            throw new InvalidOperationException("The write before this one is under way.");
        }

        _offered = (byte[])[.. _offered.Span, .. bytes];
    }
}
