using System.Diagnostics;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>Runs <see cref="LocatorRulesTests"/> in processes that have fewer vectors, where the locator takes the ways of other machines.</summary>
public sealed class FewerVectorsTests
{
    [TestCase("DOTNET_EnableHWIntrinsic")]
    [TestCase("DOTNET_EnableAVX2")]
    [TestCase("DOTNET_EnableAVX512")]
    public async Task Locate_WithFewerVectors_IsTheSame(string variable)
    {
        // The filter leaves this test out; if it ever did not, every process would start more.
        Assert.That(Environment.GetEnvironmentVariable("LLMGUARD_CHILD_OF_TESTS"), Is.Null);
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "vstest", typeof(FewerVectorsTests).Assembly.Location, $"--TestCaseFilter:FullyQualifiedName~.{nameof(LocatorRulesTests)}." },
            Environment = { [variable] = "0", ["LLMGUARD_CHILD_OF_TESTS"] = "1" },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, () => output + errors.Result);
        Assert.That(output, Does.Match(@"Passed: +\d"), output);
    }
}
