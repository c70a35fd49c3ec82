using System.Diagnostics;

namespace LlmGuard.Scanning.Tests.Prefilter;

/// <summary>Runs <see cref="SimdTests"/> in processes that have fewer vectors, where the runtime takes other ways than a switch of ours can show.</summary>
public sealed class NoIntrinsicsTests
{
    [TestCase("DOTNET_EnableHWIntrinsic")]
    [TestCase("DOTNET_EnableAVX2")]
    public async Task SimdTests_WithoutIntrinsics_Pass(string variable)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "vstest", typeof(SimdTests).Assembly.Location, "--TestCaseFilter:FullyQualifiedName~" + nameof(SimdTests) },
            Environment = { [variable] = "0", ["LLMGUARD_FUZZ"] = "60" },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, () => output + errors.Result);
        Assert.That(output, Does.Match(@"Passed: +\d"), output);
    }
}
