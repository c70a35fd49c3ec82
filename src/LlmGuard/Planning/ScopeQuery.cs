namespace LlmGuard.Planning;

/// <summary>What a call is, as far as the policy's scopes care.</summary>
internal readonly record struct ScopeQuery
{
    public GuardrailSeam Seam { get; init; }

    /// <summary>The service's id, or null. Ids the policy does not know resolve to no service.</summary>
    public string? Service { get; init; }

    /// <summary>The method in upper case; null when the call is not HTTP, and then no rule applies.</summary>
    public string? Method { get; init; }

    /// <summary>The path as the next hop sees it: percent-encoded as sent, without query.</summary>
    public string? RawPath { get; init; }

    public GuardrailCaller Caller { get; init; }

    /// <summary>Whether the application opted out (<c>.DisableAiGuardrails()</c>): then only locked entries apply.</summary>
    public bool LockedOnly { get; init; }
}
