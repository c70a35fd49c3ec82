namespace LlmGuard.Policy;

/// <summary>Everything a load reads, read once.</summary>
/// <param name="Sources">The documents in the order in which they merge.</param>
/// <param name="Notes">What was found and is not used.</param>
internal sealed record PolicySnapshot(IReadOnlyList<PolicySource> Sources, IReadOnlyList<string> Notes);
