namespace LlmGuard.Tests.Caching;

/// <summary>
/// Runs <see cref="KeyedHashTests"/> in processes that have fewer vectors, where pseudo-dot products take the ways of other machines,
/// or HMAC their place.
/// </summary>
public sealed class KeyedHashWithFewerVectorsTests
{
    [TestCaseSource(typeof(FewerVectors), nameof(FewerVectors.Switches))]
    public Task Of_WithFewerVectors_IsTheSame(string variable) => FewerVectors.RunAsync(typeof(KeyedHashTests), variable);
}
