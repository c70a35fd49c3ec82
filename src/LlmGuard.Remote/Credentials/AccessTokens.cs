namespace LlmGuard.Remote.Credentials;

/// <summary>
/// A token that somebody hands out for a time: acquired by one caller for all, before it expires, and anew after the judge has refused it.
/// Thread-safe. A failure is not kept: the next caller tries again.
/// </summary>
/// <param name="acquire">Acquires a token; given <see cref="AcquisitionLimit"/> to do so, whoever waits for it.</param>
/// <param name="time">The clock.</param>
internal sealed class AccessTokens(Func<CancellationToken, Task<AccessToken>> acquire, TimeProvider time)
{
    /// <summary>How long an acquisition may take.</summary>
    public static readonly TimeSpan AcquisitionLimit = TimeSpan.FromSeconds(30);

    // Refreshed this long before it expires, beside the calls that still use it; a short-lived token when a fifth of its life is left.
    private static readonly TimeSpan RefreshAhead = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private AccessToken? _current;
    private DateTimeOffset _refreshAt;
    private Task<AccessToken>? _pending;

    /// <summary>A token that is valid now.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the acquisition.</param>
    /// <exception cref="Exception">What the acquisition threw.</exception>
    public ValueTask<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        Task<AccessToken> pending;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_current is { } current && now < current.ExpiresAt)
            {
                if (now >= _refreshAt)
                {
                    Start();
                }

                return new ValueTask<AccessToken>(current);
            }

            pending = Start();
        }

        return new ValueTask<AccessToken>(pending.WaitAsync(cancellationToken));
    }

    /// <summary>Forgets a token that was refused; one acquired since then stays.</summary>
    /// <param name="token">The refused token.</param>
    public void Reject(string token)
    {
        lock (_lock)
        {
            if (_current?.Value == token)
            {
                _current = null;
            }
        }
    }

    // Called under the lock.
    private Task<AccessToken> Start()
    {
        if (_pending is not null)
        {
            return _pending;
        }

        _pending = Task.Run(AcquireAsync);

        // A refresh has nobody who waits for it, and those who wait may give up: its failure is seen by whoever asks next.
        _ = _pending.ContinueWith(
            static acquisition => acquisition.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return _pending;
    }

    private async Task<AccessToken> AcquireAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(AcquisitionLimit, time);
            var token = await acquire(limit.Token).ConfigureAwait(false);
            var now = time.GetUtcNow();
            var life = token.ExpiresAt - now;
            lock (_lock)
            {
                _current = token;
                _refreshAt = token.ExpiresAt - (life < RefreshAhead * 5 ? life / 5 : RefreshAhead);
                _pending = null;
            }

            return token;
        }
        catch
        {
            lock (_lock)
            {
                _pending = null;
                if (_current is not null)
                {
                    // Still valid: nobody waits for this one, and the next attempt is made a little later.
                    _refreshAt = time.GetUtcNow() + TimeSpan.FromSeconds(10);
                }
            }

            throw;
        }
    }
}

/// <summary>A token and when it expires. Not printed.</summary>
internal sealed class AccessToken(string value, DateTimeOffset expiresAt)
{
    public string Value => value;

    public DateTimeOffset ExpiresAt => expiresAt;
}
