namespace LlmGuard.Remote.Transport;

/// <summary>The time one evaluation has, and the signal when it is over or nobody waits any more.</summary>
/// <remarks>Ends a little before the engine's own deadline, so that the judge can say what came of it. Not reusable.</remarks>
internal sealed class Deadline : IDisposable
{
    private static readonly TimeSpan MaxMargin = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    /// <param name="timeout">What the engine gives the evaluation.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pointless">The engine's signal.</param>
    public Deadline(TimeSpan timeout, TimeProvider time, CancellationToken pointless)
    {
        _time = time;
        _started = time.GetTimestamp();
        _limit = timeout - (timeout / 20 < MaxMargin ? timeout / 20 : MaxMargin);
        _timer = new CancellationTokenSource(_limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(pointless, _timer.Token);
    }

    /// <summary>Signals both: the time is over, or the engine cancelled.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the time is over.</summary>
    public bool IsOver => _timer.IsCancellationRequested;

    /// <summary>All the time there was.</summary>
    public TimeSpan Budget => _limit;

    /// <summary>What is left of it; not below zero.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var left = _limit - _time.GetElapsedTime(_started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
