using System.Buffers;
using System.Runtime.CompilerServices;
using LlmGuard.Execution;
using LlmGuard.Http.Client;
using LlmGuard.Http.Wire.Streams.Live;

namespace LlmGuard.Http.Streams;

/// <summary>An answer that arrives in pieces as it may leave: read from the upstream, judged, and handed on event by event.</summary>
/// <remarks>Serves synchronous and asynchronous reads, one at a time.</remarks>
internal sealed class GuardedStream : ReadOnlyStream
{
    private const int ChunkSize = 16 * 1024;

    // What a read gives where the answer is not encoded as it says.
    private const int BrokenCoding = -1;

    private readonly StreamGuard _guard;
    private readonly Stream _source;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _judging = new();
    private byte[] _chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
    private Task<int>? _read;
    private readonly Task<List<StageRun>>?[] _asked;
    private Task? _rest;
    private bool _isDisposed;
    private bool _isOpening;
    private int _ending = -1;

    /// <param name="guard">What judges; disposed with the stream.</param>
    /// <param name="source">The upstream's answer; disposed with the stream.</param>
    public GuardedStream(StreamGuard guard, Stream source)
    {
        _guard = guard;
        _source = source;
        _time = guard.Time;
        _asked = new Task<List<StageRun>>?[guard.Gates.Length];
    }

    /// <summary>Whether bytes may leave that have not been taken.</summary>
    public bool HasBytes => _guard.Output.Count > 0;

    /// <summary>How it ended, or null while it goes on.</summary>
    public CallEnding? Ending => Volatile.Read(ref _ending) is >= 0 and var ending ? (CallEnding)ending : null;

    /// <summary>Why the answer went no further, or null.</summary>
    public Refusal? Refusal => _guard.Refusal;

    /// <summary>The usage the provider reported; final once <see cref="Drained"/> has completed.</summary>
    public TokenUsage? Usage => _guard.Usage;

    /// <summary>
    /// Completes when nothing more is read of the upstream's answer: after a cut perhaps later than the stream ends or is disposed.
    /// </summary>
    public Task Drained => _rest ?? Task.CompletedTask;

    /// <summary>
    /// Waits until the status line may go out, as <see cref="LiveHead"/> tells. Gives the refusal when nothing that the answer says may leave.
    /// </summary>
    public async ValueTask<Refusal?> OpenAsync(CancellationToken cancellationToken)
    {
        _isOpening = true;
        while (!_guard.Head.IsOpen && !_guard.IsFinished)
        {
            await StepAsync(isAsync: true, cancellationToken).ConfigureAwait(false);
        }

        _isOpening = false;
        return _guard.HasText ? null : _guard.Refusal;
    }

    public override int Read(Span<byte> buffer)
    {
        while (buffer.Length > 0 && _guard.Output.Count == 0 && !_guard.IsFinished)
        {
            SynchronousWait.For(WaitAsync(isAsync: false, CancellationToken.None));
        }

        return Taken(buffer);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _guard.Output.Count > 0 || buffer.Length == 0 ? new ValueTask<int>(Taken(buffer.Span)) : WaitAndReadAsync(buffer, cancellationToken);

    /// <summary>Waits for bytes that may leave and hands over all there are, without a copy; none at the end.</summary>
    /// <returns>The bytes, valid until the next call.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync(CancellationToken cancellationToken)
    {
        while (_guard.Output.Count == 0 && !_guard.IsFinished)
        {
            if (!OnlyReads)
            {
                await StepAsync(isAsync: true, cancellationToken).ConfigureAwait(false);
                continue;
            }

            // What waits for every piece of every answer waits once, and not in a method of its own.
            int read;
            try
            {
                read = await _source.ReadAsync(_chunk, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsBrokenCoding(exception))
            {
                read = BrokenCoding;
            }

            await FeedAsync(read).ConfigureAwait(false);
        }

        var taken = _guard.Output.Take(_guard.Output.Count);
        if (taken.IsEmpty)
        {
            EndAsFarAsRead(CallEnding.Completed);
            Release();
        }

        return taken;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _judging.Cancel();
            if (_rest is null)
            {
                _source.Dispose();
            }

            Observe(_read);
            Array.ForEach(_asked, Observe);
            EndAsFarAsRead(CallEnding.Aborted);
            _guard.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Whether the next piece of the answer is all there is to wait for.</summary>
    private bool OnlyReads => _read is null && _guard.Gates.IsEmpty && (!_isOpening || _guard.Head.OpensIn is null);

    private async ValueTask<int> WaitAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_guard.Output.Count == 0 && !_guard.IsFinished)
        {
            await StepAsync(isAsync: true, cancellationToken).ConfigureAwait(false);
        }

        return Taken(buffer.Span);
    }

    private async ValueTask<bool> WaitAsync(bool isAsync, CancellationToken cancellationToken)
    {
        await StepAsync(isAsync, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private int Taken(Span<byte> buffer)
    {
        var taken = _guard.Output.Take(buffer);
        if (taken == 0 && buffer.Length > 0)
        {
            EndAsFarAsRead(CallEnding.Completed);
            Release();
        }

        return taken;
    }

    /// <summary>Does one thing that may let something out: takes a piece of the answer, or a verdict, or asks for one.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask StepAsync(bool isAsync, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (OnlyReads)
        {
            await FeedAsync(await FetchAsync(isAsync, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        var due = _isOpening ? _guard.Head.OpensIn : null;
        for (var i = 0; i < _asked.Length; i++)
        {
            var gate = _guard.Gates[i];
            if (await TryAdvanceAsync(gate, i).ConfigureAwait(false))
            {
                return;
            }

            var next = (_asked[i] is null ? gate.DueIn(_guard.HasEndedBefore(gate)) : null) ?? gate.OpensIn;
            due = due is null || next < due ? next ?? due : due;
        }

        if (!_guard.HasEnded && !_guard.Gates.Any(static gate => gate.IsFull))
        {
            // Asynchronously even for a synchronous reader: verdicts and deadlines are waited for at the same time.
            _read ??= FetchAsync(CancellationToken.None).AsTask();
        }

        await WaitForAnyAsync(due, cancellationToken).ConfigureAwait(false);
        if (_read is { IsCompleted: true } read)
        {
            _read = null;
            await FeedAsync(await read.ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the verdicts of a gate's judges, or asks them if it is time; false when neither is to be done.</summary>
    private async ValueTask<bool> TryAdvanceAsync(LiveGate gate, int number)
    {
        if (_asked[number] is { IsCompleted: true } asked)
        {
            _asked[number] = null;
            await _guard.TakeVerdictsAsync(gate, await asked.ConfigureAwait(false)).ConfigureAwait(false);
            await LeaveIfCutAsync().ConfigureAwait(false);
            return true;
        }

        if (_asked[number] is not null || gate.DueIn(_guard.HasEndedBefore(gate)) != TimeSpan.Zero)
        {
            return false;
        }

        _asked[number] = gate.Ask(_judging.Token);
        if (_asked[number] is null)
        {
            await _guard.TakeVerdictsAsync(gate, []).ConfigureAwait(false);
        }

        return true;
    }

    private async ValueTask WaitForAnyAsync(TimeSpan? due, CancellationToken cancellationToken)
    {
        if (_read is { IsCompleted: true } || _asked.Any(static a => a is { IsCompleted: true }))
        {
            return;
        }

        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> tasks = [Task.Delay(due ?? Timeout.InfiniteTimeSpan, _time, timer.Token), .. _asked.OfType<Task>()];
        if (_read is not null)
        {
            tasks.Add(_read);
        }

        await Task.WhenAny(tasks).ConfigureAwait(false);
        await timer.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private ValueTask<int> FetchAsync(bool isAsync, CancellationToken cancellationToken)
    {
        try
        {
            return isAsync ? FetchAsync(cancellationToken) : new ValueTask<int>(_source.Read(_chunk));
        }
        catch (Exception exception) when (IsBrokenCoding(exception))
        {
            return new ValueTask<int>(BrokenCoding);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.ReadAsync(_chunk, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsBrokenCoding(exception))
        {
            return BrokenCoding;
        }
    }

    private bool IsBrokenCoding(Exception exception)
    {
        if (exception is IOException)
        {
            End(CallEnding.UpstreamFailed);
        }

        return exception is InvalidDataException;
    }

    private ValueTask FeedAsync(int read)
    {
        var feeding = read == BrokenCoding ? Break() : read > 0 ? _guard.FeedAsync(_chunk.AsMemory(0, read)) : _guard.EndAsync();
        return feeding.IsCompletedSuccessfully && _guard.Refusal is null ? feeding : LeaveIfCutAsync(feeding);
    }

    private ValueTask Break()
    {
        if (!_isOpening)
        {
            // Without the inner exception, which may tell bytes of the answer.
            End(CallEnding.UpstreamFailed);
            throw new IOException("The answer is not encoded as it says.");
        }

        // Nothing has left, so a refusal still can.
        _guard.Fail(FailureReasons.Undecodable);
        return ValueTask.CompletedTask;
    }

    private async ValueTask LeaveIfCutAsync(ValueTask feeding)
    {
        await feeding.ConfigureAwait(false);
        await LeaveIfCutAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Nobody sees the rest of an answer that is cut: the provider need not go on, unless somebody settles by the usage at its end.
    /// </summary>
    private async ValueTask LeaveIfCutAsync()
    {
        if (_guard.Refusal is null || _rest is not null)
        {
            return;
        }

        await _judging.CancelAsync().ConfigureAwait(false);
        if (_guard is { WantsRest: true, HasEnded: false } && (!_isOpening || _guard.HasText))
        {
            _rest = UpstreamDrain.RunAsync(_guard, _source, _read, _chunk);
            _read = null;
        }
        else
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Nobody waits for what was under way when the reader went; what it throws is only a consequence of that.
    private static void Observe(Task? task) => _ = task?.ContinueWith(
        static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // Clients stop reading where the answer says that it is over, and do not wait for the end of its bytes.
    private void EndAsFarAsRead(CallEnding otherwise) => End(
        _guard.Refusal is not null ? CallEnding.Blocked : _guard.IsFinished && _guard.Output.Count == 0 ? CallEnding.Completed : otherwise);

    /// <summary>Gives memory back: whoever reads has come for more, and there is no more. What is cut may still be read on for its usage.</summary>
    private void Release()
    {
        if (_read is null && _guard.Refusal is null && _chunk.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_chunk, clearArray: true);
            _chunk = [];
            _guard.Release();
        }
    }

    private void End(CallEnding ending)
    {
        if (Interlocked.CompareExchange(ref _ending, (int)ending, -1) == -1)
        {
            _guard.GiveUp();
        }
    }
}
