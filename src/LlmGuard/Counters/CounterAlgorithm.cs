namespace LlmGuard.Counters;

/// <summary>How a limit counts. What each promises holds for any interleaving of callers.</summary>
public enum CounterAlgorithm
{
    /// <summary>
    /// Never more than the limit within any window, wherever the window starts. A charge counts from when it is made until between one window and
    /// one and an eighth later: the window is kept in eighths.
    /// </summary>
    SlidingWindow,

    /// <summary>
    /// A level that each charge raises and that falls evenly by the limit per window; nothing may raise it above the burst. At most burst plus
    /// limit within any window.
    /// </summary>
    Gcra,

    /// <summary>
    /// Windows one after the other, aligned to the store's clock. At most the limit in each, so at most twice the limit within any window.
    /// </summary>
    FixedWindow,

    /// <summary>
    /// What is under way at one time. A charge, whose cost is 1, takes a lease that holds until it is settled to 0, or until a window has passed
    /// without its renewal.
    /// </summary>
    Concurrency,
}
