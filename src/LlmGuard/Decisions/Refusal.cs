namespace LlmGuard;

/// <summary>What a refused caller is told.</summary>
public sealed record Refusal
{
    /// <summary>HTTP status, 400 to 599.</summary>
    public required int StatusCode { get; init; }

    /// <summary>The identifier of the plugin that blocked, or one of <see cref="RefusalCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Text for the caller. Holds no content, pattern or score.</summary>
    public required string Message { get; init; }

    /// <summary>Why, as a short code of a fixed set, for logs and the audit record; null for none.</summary>
    public string? Reason { get; init; }

    /// <summary>The plugin that blocked or failed, or null when the engine itself refused.</summary>
    public string? Plugin { get; init; }

    /// <summary>When to try again; null when trying again does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether a verdict asked for it, as opposed to a failure. Only these are answered with a completion under <c>deny_with</c>.</summary>
    public bool IsPolicyBlock { get; init; }
}
