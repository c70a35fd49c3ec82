using LlmGuard.Tests;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>Runs <see cref="LocatorRulesTests"/> in processes that have fewer vectors, where the locator takes the ways of other machines.</summary>
public sealed class FewerVectorsTests
{
    [TestCase("DOTNET_EnableHWIntrinsic")]
    [TestCase("DOTNET_EnableAVX2")]
    [TestCase("DOTNET_EnableAVX512")]
    public Task Locate_WithFewerVectors_IsTheSame(string variable) => FewerVectors.RunAsync(typeof(LocatorRulesTests), variable);
}
