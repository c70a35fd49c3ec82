namespace LlmGuard.Policy;

/// <summary>How the policy is doing, for health checks.</summary>
/// <param name="Revision">The revision in force, or null before the first load.</param>
/// <param name="LoadedAt">When the revision in force was loaded.</param>
/// <param name="Failure">Why the last reload was refused, or null. Holds no secret.</param>
internal sealed record PolicyStatus(string? Revision, DateTimeOffset LoadedAt, string? Failure)
{
    /// <summary>Whether the policy in force is older than what stands in its source, because that was refused.</summary>
    public bool IsDegraded => Failure is not null;
}
