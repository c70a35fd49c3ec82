using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Tests;

/// <summary>Runs one fixture again in a process that has fewer vectors.</summary>
internal static class FewerVectors
{
    private const string Child = "LLMGUARD_CHILD_OF_TESTS";

    /// <summary>
    /// The runtime's switches that take vectors away from this machine. Without what it never had a fixture would run as it runs anyway.
    /// </summary>
    public static IEnumerable<string> Switches { get; } =
    [
        "DOTNET_EnableHWIntrinsic",
        .. Avx2.IsSupported ? ["DOTNET_EnableAVX2"] : Array.Empty<string>(),
        .. Vector512.IsHardwareAccelerated ? ["DOTNET_EnableAVX512"] : Array.Empty<string>(),
    ];

    /// <param name="fixture">The fixture. The caller must not be part of it.</param>
    /// <param name="variable">The runtime's switch that is turned off.</param>
    /// <param name="more">More variables of the process.</param>
    public static async Task RunAsync(Type fixture, string variable, params (string Name, string Value)[] more)
    {
        // The filter leaves the caller out; if it ever did not, every process would start more.
        Assert.That(Environment.GetEnvironmentVariable(Child), Is.Null);
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "vstest", fixture.Assembly.Location, $"--TestCaseFilter:FullyQualifiedName~.{fixture.Name}." },
            Environment = { [variable] = "0", [Child] = "1" },
        };
        foreach (var (name, value) in more)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, () => output + errors.Result);
        Assert.That(output, Does.Match(@"Passed: +\d"), output);
    }
}
