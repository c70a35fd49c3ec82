namespace LlmGuard;

/// <summary>
/// A change to the request other than to its text. The list is closed: the dialect of the call knows how to carry out each, and one it cannot
/// carry out fails the evaluation.
/// </summary>
public abstract record RequestChange
{
    private RequestChange()
    {
    }

    /// <summary>Calls another model.</summary>
    /// <param name="Name">The model's name in the dialect of the call.</param>
    public sealed record Model(string Name) : RequestChange;

    /// <summary>Limits the tokens of the answer.</summary>
    /// <param name="Limit">At least 1. A lower limit that the caller gave stays.</param>
    public sealed record MaxTokens(int Limit) : RequestChange;

    /// <summary>Asks the provider to report token usage for a streamed answer.</summary>
    public sealed record ReportUsage : RequestChange;

    /// <summary>Sets or removes a request header.</summary>
    /// <param name="Name">The header's name. Framing and credential headers are refused.</param>
    /// <param name="Value">The value, or null to remove it.</param>
    public sealed record Header(string Name, string? Value) : RequestChange;

    /// <summary>Sets or removes a query parameter.</summary>
    /// <param name="Name">The parameter's name, not encoded.</param>
    /// <param name="Value">The value, not encoded, or null to remove it.</param>
    public sealed record QueryValue(string Name, string? Value) : RequestChange;

    /// <summary>Names the change without its value.</summary>
    public sealed override string ToString() => GetType().Name;
}
