using System.Diagnostics;

namespace LlmGuard.Scanning.Tests.Prefilter;

/// <summary>Runs <see cref="SimdTests"/> in processes that have fewer vectors, where the runtime takes other ways than a switch of ours can show.</summary>
public sealed class NoIntrinsicsTests
{
    [TestCase("DOTNET_EnableHWIntrinsic")]
    [TestCase("DOTNET_EnableAVX2")]
    [TestCase("DOTNET_EnableAVX512")]
    public async Task Kernels_WithoutIntrinsics_Pass(string variable)
    {
        // The filter leaves this test out; if it ever did not, every process would start two more.
        Assert.That(Environment.GetEnvironmentVariable("LLMGUARD_CHILD_OF_TESTS"), Is.Null);
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "vstest", typeof(SimdTests).Assembly.Location, $"--TestCaseFilter:FullyQualifiedName~.{nameof(SimdTests)}." },
            Environment = { [variable] = "0", ["LLMGUARD_FUZZ"] = "60", ["LLMGUARD_CHILD_OF_TESTS"] = "1" },
        };

        // A process that could find this test among its own would start the next, and that one another.
        Assert.That(typeof(NoIntrinsicsTests).FullName, Does.Not.Contain(".Prefilter.SimdTests."));
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, () => output + errors.Result);
        Assert.That(output, Does.Match(@"Passed: +\d"), output);
    }
}
