using LlmGuard.Counters;

namespace LlmGuard.Plugins.RateLimiter.Settings;

/// <summary>What happens when a limit is exceeded.</summary>
internal enum ExceededAction
{
    Reject,
    Throttle,
    Flag,
}

/// <summary>The settings of one entry. Immutable.</summary>
internal sealed record RateSettings
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    public required IReadOnlyList<RateLimit> Limits { get; init; }

    public ExceededAction Action { get; init; }

    /// <summary>The least Retry-After; zero for the true one.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>How long a call may be delayed altogether.</summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>How many calls may be delayed at a time.</summary>
    public int MaxDelayed { get; init; }

    public static RateSettings Read(GuardrailSettings settings)
    {
        var algorithm = settings.Choice(
            "algorithm",
            CounterAlgorithm.SlidingWindow,
            KeyValuePair.Create("sliding_window", CounterAlgorithm.SlidingWindow),
            KeyValuePair.Create("gcra", CounterAlgorithm.Gcra),
            KeyValuePair.Create("fixed_window", CounterAlgorithm.FixedWindow));
        var limits = RateLimitReader.ReadAll(settings, algorithm);
        var actions = settings.Object("actions");
        var retryAfter = Retry(settings);
        var other = Retry(actions);
        if (settings.Has("retry_after") && actions.Has("retry_after") && retryAfter != other)
        {
            settings.Problem("retry_after", "says something else than actions.retry_after: give one of them");
        }

        var action = actions.Choice(
            "type",
            ExceededAction.Reject,
            KeyValuePair.Create("reject", ExceededAction.Reject),
            KeyValuePair.Create("block", ExceededAction.Reject),
            KeyValuePair.Create("throttle", ExceededAction.Throttle),
            KeyValuePair.Create("flag", ExceededAction.Flag));
        var read = new RateSettings
        {
            Limits = limits,
            Action = action,
            MaxDelay = actions.Duration("max_delay", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(1), LongestDelay),
            MaxDelayed = actions.Int32("max_delayed", 1000, 1, 1_000_000),
            RetryAfter = retryAfter > other ? retryAfter : other,
        };
        read.RefuseIdle(settings, actions);
        return read;
    }

    private void RefuseIdle(GuardrailSettings settings, GuardrailSettings actions)
    {
        var isFlag = Action == ExceededAction.Flag;
        actions.RefuseIdle(Action != ExceededAction.Throttle, "unless \"type\" is \"throttle\"", "max_delay", "max_delayed");
        settings.RefuseIdle(isFlag, "when the action is \"flag\", which refuses nothing", "retry_after");
        actions.RefuseIdle(isFlag, "when \"type\" is \"flag\", which refuses nothing", "retry_after");

        // Nobody knows when a call of another ends, so a slot is not waited for.
        var hasWindow = Limits.Any(static l => l.HasWindow) || Limits.Count == 0;
        settings.RefuseIdle(!hasWindow, "on \"max_concurrent\" alone, which has no window", "algorithm");
        actions.RefuseIdle(
            !hasWindow && Action == ExceededAction.Throttle, "as \"throttle\" on \"max_concurrent\" alone, which is not waited for", "type");
    }

    // The guide has seconds as text; a duration says the same.
    private static TimeSpan Retry(GuardrailSettings settings) => settings.Parsed(
        "retry_after",
        static text => uint.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            && seconds <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException("expected seconds as text, such as \"60\", up to \"86400\""),
        TimeSpan.Zero);
}
