using System.Diagnostics;

namespace LlmGuard.GatewayCost;

/// <summary>The program that is measured, built from its source.</summary>
internal static class ForwarderProgram
{
    /// <summary>Builds it, and says where it is.</summary>
    /// <param name="source">The path of its source.</param>
    public static string Build(string source)
    {
        // The compiler's opinions on the product are asked for elsewhere, and cost more than all the rest.
        string[] options = ["-c", "Release", "-v", "quiet", "-nologo", "--property:RunAnalyzers=false", "--property:OutputPath=" + Output(source)];
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", source, .. options]))!;
        build.WaitForExit();
        return build.ExitCode == 0 ? Path.Combine(Output(source), "forwarder.dll")
            : throw new InvalidOperationException("The forwarder does not build; the compiler's words are above.");
    }

    private static string Output(string source) =>
        Path.Combine(Path.GetTempPath(), "llmguard-" + Path.GetFileNameWithoutExtension(source)) + Path.DirectorySeparatorChar;
}
