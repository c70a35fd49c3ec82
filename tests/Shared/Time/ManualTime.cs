namespace LlmGuard.Tests;

/// <summary>A clock that stands still until it is advanced; due timers run on the thread that advances it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>How many timers are set that run once: what waits for time to go by.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count(static t => t.Due is not null && t.Period <= TimeSpan.Zero);
            }
        }
    }

    /// <summary>Completes once a timer is set that falls due in so much time.</summary>
    public async Task WhenDueInAsync(TimeSpan time)
    {
        while (true)
        {
            Task set;
            lock (_lock)
            {
                if (_timers.Exists(t => t.Due == _now + time))
                {
                    return;
                }

                set = _set.Task;
            }

            await set;
        }
    }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (NextDue(end) is { } timer)
        {
            timer.Run();
        }

        lock (_lock)
        {
            _now = end;
        }
    }

    /// <summary>Sets the clock off, also back, without running timers.</summary>
    public void Shift(TimeSpan by)
    {
        lock (_lock)
        {
            _now += by;
        }
    }

    private ManualTimer? NextDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            var timer = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (timer?.Due is { } due)
            {
                _now = due > _now ? due : _now;
                timer.Due = timer.Period > TimeSpan.Zero ? due + timer.Period : null;
            }

            return timer;
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Run() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                Due = dueTime < TimeSpan.Zero ? null : time._now + dueTime;
                Period = period;
                if (Due is not null)
                {
                    time._set.TrySetResult();
                    time._set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                Due = null;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
