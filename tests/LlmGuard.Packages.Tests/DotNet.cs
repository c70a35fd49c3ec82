using System.Diagnostics;

namespace LlmGuard.Packages.Tests;

/// <summary>Runs programs.</summary>
internal static class DotNet
{
    /// <summary>Runs a command of the SDK.</summary>
    public static (int ExitCode, string Output) Run(string folder, IEnumerable<string> arguments) => RunProgram("dotnet", folder, arguments);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and what it printed to both streams.</returns>
    public static (int ExitCode, string Output) RunProgram(string file, string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What the test host was started with is not for builds under it.
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
