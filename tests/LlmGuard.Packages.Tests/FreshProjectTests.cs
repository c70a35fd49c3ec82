using System.Runtime.InteropServices;

namespace LlmGuard.Packages.Tests;

/// <summary>Installs every package into a project outside the repository, as a newcomer does, and runs it: as it is, and as native code.</summary>
[TestFixture]
public sealed class FreshProjectTests
{
    private string _folder = "";

    [OneTimeSetUp]
    public void Create()
    {
        _folder = Directory.CreateTempSubdirectory("llmguard-fresh").FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "LlmGuard.Packages.Tests", "FreshProject")))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        // The feeds of this machine serve what the packages depend on; what has been restored for the repository is not fetched again.
        File.WriteAllText(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{PackedFeed.Folder}" /></packageSources>
              <fallbackPackageFolders><add key="restored" value="{RestoredPackages()}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void FreshProject_WithAllPackages_BuildsAndGuards()
    {
        var built = DotNet.Run(_folder, ["build", "-c", "Release", "-o", "out", "--nologo", .. Packages()]);
        Assert.That(built.ExitCode, Is.Zero, built.Output);

        AssertGuards(DotNet.Run(_folder, [Path.Combine("out", "FreshProject.dll")]));
    }

    /// <summary>All code of the packages is compiled, and a warning of the compiler that something may be missing at run time is an error.</summary>
    [Test]
    public void FreshProject_AsNativeCode_BuildsAndGuards()
    {
        if (!IsInstalled("clang") && !IsInstalled("gcc"))
        {
            Assert.Ignore("Neither clang nor gcc is installed, one of which links native code.");
        }

        string[] native = ["-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true", .. Packages()];
        var restored = DotNet.Run(_folder, ["restore", .. native]);
        if (restored.ExitCode != 0)
        {
            Assert.Ignore($"The native compiler could not be restored: {restored.Output}");
        }

        var published = DotNet.Run(_folder, ["publish", "-c", "Release", "-o", "native", "--nologo", "--no-restore", .. native]);
        Assert.That(published.ExitCode, Is.Zero, published.Output);

        AssertGuards(DotNet.RunProgram(Path.Combine(_folder, "native", "FreshProject"), _folder, []));
    }

    private static void AssertGuards((int ExitCode, string Output) run)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(
            run.Output.Split('\n').Count(static line => line.TrimEnd().EndsWith(": ok", StringComparison.Ordinal)), Is.EqualTo(8), run.Output);
    }

    private static string[] Packages() =>
        [$"-p:LlmGuardVersion={PackedFeed.Version}", $"-p:LlmGuardPackages=\"{string.Join(';', Repository.Libraries())}\""];

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string RestoredPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
