namespace LlmGuard.Counters;

/// <summary>A counter store is not there, refuses, or is too slow: a failure of availability.</summary>
public sealed class CounterStoreException : Exception
{
    /// <summary>Says that a store failed.</summary>
    public CounterStoreException()
        : base("The counter store is not available.")
    {
    }

    /// <summary>Says what failed.</summary>
    /// <param name="message">What failed; without subjects, secrets or addresses.</param>
    public CounterStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Says what failed and why.</summary>
    /// <param name="message">What failed; without subjects, secrets or addresses.</param>
    /// <param name="innerException">Why.</param>
    public CounterStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
