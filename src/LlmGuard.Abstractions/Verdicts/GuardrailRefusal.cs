using System.Globalization;

namespace LlmGuard;

/// <summary>How a block is worded to the caller. What the entry says in the policy takes precedence.</summary>
public sealed record GuardrailRefusal
{
    /// <summary>
    /// HTTP status, 400 to 599; null for the plugin's default. Statuses that SDKs retry (408, 409, 429, 5xx) only where they are true.
    /// </summary>
    public int? StatusCode { get; init; }

    /// <summary>Text for the caller; null for the plugin's default. Never quotes content, patterns or scores.</summary>
    public string? Message { get; init; }

    /// <summary>A short code of a small fixed set that says why, for logs, metrics and the audit record; null for none.</summary>
    public string? Reason { get; init; }

    /// <summary>Names status and reason. Not the message, which is for the caller.</summary>
    public override string ToString() => $"{StatusCode?.ToString(CultureInfo.InvariantCulture) ?? "default status"} {Reason}".TrimEnd();
}
