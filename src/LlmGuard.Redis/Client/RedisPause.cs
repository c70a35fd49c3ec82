namespace LlmGuard.Redis.Client;

/// <summary>For how long a server that failed is left alone: twice as long with every failure in a row.</summary>
internal sealed class RedisPause(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private TimeSpan _length;
    private long _since;
    private volatile bool _hasFailed;

    public bool IsOn
    {
        get
        {
            if (!_hasFailed)
            {
                return false;
            }

            lock (_gate)
            {
                return time.GetElapsedTime(_since) < _length;
            }
        }
    }

    public void Begin()
    {
        lock (_gate)
        {
            // Many that fail together are one failure.
            if (_hasFailed && time.GetElapsedTime(_since) < _length)
            {
                return;
            }

            _length = !_hasFailed ? Shortest : _length * 2 < Longest ? _length * 2 : Longest;
            _since = time.GetTimestamp();
            _hasFailed = true;
        }
    }

    /// <summary>The server has answered.</summary>
    public void End() => _hasFailed = false;
}
