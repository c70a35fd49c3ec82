using LlmGuard.Tests;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>Runs <see cref="LocatorRulesTests"/> in processes that have fewer vectors, where the locator takes the ways of other machines.</summary>
public sealed class FewerVectorsTests
{
    [TestCaseSource(typeof(FewerVectors), nameof(FewerVectors.Switches))]
    public Task Locate_WithFewerVectors_IsTheSame(string variable) => FewerVectors.RunAsync(typeof(LocatorRulesTests), variable);
}
