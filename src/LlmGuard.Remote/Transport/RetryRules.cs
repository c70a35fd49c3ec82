namespace LlmGuard.Remote.Transport;

/// <summary>When a failed attempt is made again, if at all. Nothing waits for what the deadline cannot afford.</summary>
internal static class RetryRules
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>The time to wait before the next attempt, or null for none.</summary>
    /// <param name="attempt">What came of the attempt.</param>
    /// <param name="number">Which attempt it was, from 0.</param>
    /// <param name="retries">How many more than the first there may be.</param>
    /// <param name="remaining">Time until the deadline.</param>
    /// <param name="jitter">From 0 to 1, drawn anew each time.</param>
    public static TimeSpan? DelayAfter(in Attempt attempt, int number, int retries, TimeSpan remaining, double jitter)
    {
        if (!attempt.IsTransient || number >= retries)
        {
            return null;
        }

        if (attempt.RetryAfter is { } asked)
        {
            // Asking sooner than the judge wants only makes it worse; never sooner, up to a tenth later, so that callers do not return in step.
            var delay = asked + (asked * (jitter / 10));
            return delay <= remaining / 2 ? delay : null;
        }

        var backoff = FirstDelay * Math.Pow(2, number) * (0.5 + jitter);
        return backoff <= remaining / 4 ? backoff : null;
    }
}
