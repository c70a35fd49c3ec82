namespace LlmGuard.Tests.Caching;

/// <summary>
/// Runs <see cref="KeyedHashTests"/> in processes that have fewer vectors, where pseudo-dot products take the ways of other machines,
/// or HMAC their place.
/// </summary>
public sealed class KeyedHashWithFewerVectorsTests
{
    [TestCase("DOTNET_EnableHWIntrinsic")]
    [TestCase("DOTNET_EnableAVX2")]
    [TestCase("DOTNET_EnableAVX512")]
    public Task Of_WithFewerVectors_IsTheSame(string variable) => FewerVectors.RunAsync(typeof(KeyedHashTests), variable);
}
