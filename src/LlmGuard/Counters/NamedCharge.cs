namespace LlmGuard.Counters;

/// <summary>A charge under the name that callers are shown.</summary>
/// <param name="Name">What the <c>RateLimit</c> headers call the limit: letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Charge">The charge.</param>
/// <param name="Unit">The unit of the limit in the <c>RateLimit-Policy</c> header; null for requests.</param>
public sealed record NamedCharge(string Name, CounterCharge Charge, string? Unit = null);
