namespace LlmGuard.Packages.Tests;

/// <summary>The packages of the product, packed as a release would, in a folder that is a package feed. Made once for all tests.</summary>
[SetUpFixture]
public sealed class PackedFeed
{
    /// <summary>The version that all of them have.</summary>
    public const string Version = "0.0.0-packed";

    public static string Folder { get; private set; } = "";

    [OneTimeSetUp]
    public void Pack()
    {
        Folder = Directory.CreateTempSubdirectory("llmguard-pack").FullName;

        // What the build of this test left is packed: building again under a running test host would fight over files. All in one command, which
        // leaves out what is no package: one for each would start as many times as there are packages.
        var packed = DotNet.Run(
            Repository.Root,
            ["pack", "LlmGuard.sln", "--no-build", "-c", Repository.Configuration, "-o", Folder, "--nologo", $"-p:PackageVersion={Version}"]);
        Assert.That(packed.ExitCode, Is.Zero, packed.Output);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(Folder, recursive: true);
}
