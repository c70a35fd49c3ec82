namespace LlmGuard;

/// <summary>The call that is to be explained.</summary>
public sealed record GuardrailPlanQuery
{
    /// <summary>The path as sent: percent-encoded, without query. Null, the default, for a call that is not HTTP: no rule applies.</summary>
    public string? Path { get; init; }

    /// <summary>The HTTP method. <c>POST</c> by default; without effect when <see cref="Path"/> is null.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>The service's id, or null. A rule that names a service takes precedence.</summary>
    public string? Service { get; init; }

    /// <summary>Who calls. Anonymous by default.</summary>
    public GuardrailCaller Caller { get; init; } = GuardrailCaller.Anonymous;

    /// <summary>Where the call is guarded. <see cref="GuardrailSeam.Incoming"/> by default.</summary>
    public GuardrailSeam Seam { get; init; } = GuardrailSeam.Incoming;
}
