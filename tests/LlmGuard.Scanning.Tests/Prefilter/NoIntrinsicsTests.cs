using LlmGuard.Tests;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Scanning.Tests.Prefilter;

/// <summary>
/// Runs <see cref="SimdTests"/> in processes that have fewer vectors, where the runtime takes other ways than a switch of ours can show.
/// </summary>
public sealed class NoIntrinsicsTests
{
    [TestCaseSource(typeof(FewerVectors), nameof(FewerVectors.Switches))]
    public Task Kernels_WithoutIntrinsics_Pass(string variable)
    {
        // A process that could find this test among its own would start the next, and that one another.
        Assert.That(typeof(NoIntrinsicsTests).FullName, Does.Not.Contain(".Prefilter.SimdTests."));
        return FewerVectors.RunAsync(typeof(SimdTests), variable, (FuzzBudget.Variable, "0.1"));
    }
}
