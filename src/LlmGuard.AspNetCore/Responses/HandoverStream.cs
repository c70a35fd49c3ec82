using System.Threading.Tasks.Sources;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Client;
using LlmGuard.Http.Streams;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// Hands what is written on one side to whoever reads on the other and keeps none of it: a write is over when its bytes have been taken and the
/// reader has come back for more, or has gone. So a writer that is faster than the caller, or than the judges, waits.
/// </summary>
/// <remarks>
/// One reader, which goes on in the writer's own call where it waits. Writes that begin before the one before is over stand in line, as they do in a
/// server: their bytes are copied at once, because their writer may not wait, and count against the room of the process. Where that ends the answer
/// breaks off, since a writer that does not wait would not see that its bytes are missing.
/// </remarks>
internal sealed class HandoverStream : ReadOnlyStream, IValueTaskSource<int>, IValueTaskSource
{
    private readonly Lock _gate = new();
    private readonly OfferLine _line;
    private readonly CancellationToken _aborted;
    private readonly CancellationTokenRegistration _abortion;
    private ManualResetValueTaskSourceCore<int> _reading;
    private ManualResetValueTaskSourceCore<bool> _writing;
    private Memory<byte> _wanted;

    // The last write that is over.
    private long _over;
    private bool _isReading;
    private bool _isWaiting;
    private bool _isWaitSeen = true;
    private bool _isComplete;
    private bool _isGone;
    private Exception? _failure;

    // The reader after a flush it has waited for, the thread it goes on on, and whether a writer is to be told once it has come to a stop there.
    private Action? _afterFlush;
    private Action? _reader;
    private int _turn;
    private int _isToldAfter;

    /// <param name="budget">The room that copies need.</param>
    /// <param name="aborted">Ends the reading when it is cancelled.</param>
    public HandoverStream(HeldBytesBudget budget, CancellationToken aborted)
    {
        _line = new OfferLine(budget);
        _aborted = aborted;
        _abortion = aborted.UnsafeRegister(static (stream, token) => ((HandoverStream)stream!).Complete(new OperationCanceledException(token)), this);
    }

    /// <summary>Hands bytes over.</summary>
    /// <param name="bytes">The bytes, which must stay as they are until the write is over.</param>
    /// <param name="cancellationToken">Ends the waiting of a write that stands in line; another one waits until it is let go.</param>
    public ValueTask OfferAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        var taken = 0;
        long turn;
        lock (_gate)
        {
            if (_isGone || _isComplete || bytes.IsEmpty)
            {
                return ValueTask.CompletedTask;
            }

            if (_line.IsBusy)
            {
                return Follow(bytes.Span, cancellationToken);
            }

            _line.Begin(bytes);
            turn = _line.Turn;
            if (_isReading)
            {
                taken = _line.Take(_wanted.Span);
                (_isReading, _wanted) = (false, default);
            }
        }

        if (taken > 0)
        {
            _reading.SetResult(taken);
        }

        // Mostly the reader has gone on in this very call.
        if (Volatile.Read(ref _over) >= turn)
        {
            return ValueTask.CompletedTask;
        }

        lock (_gate)
        {
            return _over < turn ? Wait() : ValueTask.CompletedTask;
        }
    }

    /// <summary>Lets a writer go that waits no longer; what it wrote is handed over all the same, so that nothing is torn.</summary>
    public void LetGo()
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                return;
            }

            _isWaiting = false;
            Require(_line.TryCopy());
        }

        LetWriterGo(isInline: false);
    }

    /// <summary>
    /// What to call for the reader to go on after a flush it had to wait for. The writer that this lets go then goes on in the same thread, once the
    /// reader has come to a stop: it need not be queued, since nobody it could wait for is under it.
    /// </summary>
    /// <param name="reader">The rest of the reader. It waits for one flush at a time.</param>
    public Action AfterFlush(Action reader)
    {
        _reader = reader;
        return _afterFlush ??= GoOnAfterFlush;
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
        if (buffer.IsEmpty)
        {
            return new ValueTask<int>(0);
        }

        ValueTask<int> reading;
        bool isWaitedFor;
        TaskCompletionSource? over;
        lock (_gate)
        {
            (isWaitedFor, over) = _line.IsTaken ? End() : default;
            reading = Read(buffer);
        }

        Tell(isWaitedFor, over);
        return _isReading && cancellationToken.CanBeCanceled && cancellationToken != _aborted ? WaitAsync(reading, cancellationToken) : reading;
    }

    int IValueTaskSource<int>.GetResult(short token) => _reading.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _reading.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reading.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        _writing.GetResult(token);
        Volatile.Write(ref _isWaitSeen, true);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _writing.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _writing.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _abortion.Dispose();
            Complete();
            while (true)
            {
                bool isWaitedFor;
                TaskCompletionSource? over;
                lock (_gate)
                {
                    _isGone = true;
                    if (!_line.IsBusy)
                    {
                        break;
                    }

                    (isWaitedFor, over) = End();
                }

                Tell(isWaitedFor, over);
            }
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

    private static IOException NoRoom() => new("There is no room for more of an answer whose writer does not wait.");

    private ValueTask<int> Read(Memory<byte> buffer)
    {
        if (!_line.IsTaken)
        {
            return new ValueTask<int>(_line.Take(buffer.Span));
        }

        if (_isComplete || _isGone)
        {
            return _failure is null ? new ValueTask<int>(0) : ValueTask.FromException<int>(_failure);
        }

        _reading.Reset();
        (_isReading, _wanted) = (true, buffer);
        return new ValueTask<int>(this, _reading.Version);
    }

    private ValueTask Follow(ReadOnlySpan<byte> bytes, CancellationToken cancellationToken)
    {
        var following = _line.TryFollow(bytes);
        Require(following is not null);
        return following is null ? ValueTask.FromException(_failure ?? NoRoom()) : new ValueTask(following.WaitAsync(cancellationToken));
    }

    private ValueTask Wait()
    {
        if (Volatile.Read(ref _isWaitSeen))
        {
            _writing.Reset();
            (_isWaiting, _isWaitSeen) = (true, false);
            return new ValueTask(this, _writing.Version);
        }

        // Whoever waited last has been told, and has not looked yet.
        return new ValueTask(_line.Over());
    }

    private void Require(bool hasRoom)
    {
        if (!hasRoom && !_isComplete)
        {
            (_failure, _isComplete) = (NoRoom(), true);
        }
    }

    private (bool IsWaitedFor, TaskCompletionSource? Over) End()
    {
        var isWaitedFor = _isWaiting;
        _isWaiting = false;
        Volatile.Write(ref _over, _line.Turn);
        return (isWaitedFor, _line.End());
    }

    private void Tell(bool isWaitedFor, TaskCompletionSource? over)
    {
        if (isWaitedFor && Volatile.Read(ref _turn) == Environment.CurrentManagedThreadId)
        {
            Volatile.Write(ref _isToldAfter, 1);
        }
        else if (isWaitedFor)
        {
            LetWriterGo(isInline: false);
        }

        over?.SetResult();
    }

    private void GoOnAfterFlush()
    {
        Volatile.Write(ref _turn, Environment.CurrentManagedThreadId);
        try
        {
            _reader!();
        }
        finally
        {
            // The reader may have come here once more on another thread, which then queues the writer.
            Volatile.Write(ref _turn, 0);
            if (Interlocked.Exchange(ref _isToldAfter, 0) != 0)
            {
                LetWriterGo(isInline: true);
            }
        }
    }

    private void LetWriterGo(bool isInline)
    {
        _writing.RunContinuationsAsynchronously = !isInline;
        _writing.SetResult(true);
    }
}
