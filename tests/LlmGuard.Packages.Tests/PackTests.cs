using System.IO.Compression;

namespace LlmGuard.Packages.Tests;

/// <summary>Packs the packages as a release would and looks inside.</summary>
[TestFixture]
public sealed class PackTests
{
    [TestCaseSource(typeof(Repository), nameof(Repository.Packages))]
    public void Package_WhenPacked_CarriesReadmeLicenceDocumentationAndSymbols(string package)
    {
        var file =
            Directory.EnumerateFiles(PackedFeed.Folder, package + ".*.nupkg").Single(f => char.IsAsciiDigit(Path.GetFileName(f)[package.Length + 1]));
        using var archive = ZipFile.OpenRead(file);
        var names = archive.Entries.Select(static e => e.FullName).ToList();
        using var nuspec = new StreamReader(archive.Entries.Single(static e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        var manifest = nuspec.ReadToEnd();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(names, Does.Contain("README.md"));
            Assert.That(names, Does.Contain("LICENSE"));
            Assert.That(names, Does.Contain(Repository.IsTool(package) ? $"tools/net10.0/any/{package}.dll" : $"lib/net10.0/{package}.dll"));
            Assert.That(names, Does.Contain(Repository.IsTool(package) ? "tools/net10.0/any/DotnetToolSettings.xml" : $"lib/net10.0/{package}.xml"));
            Assert.That(manifest, Does.Contain("<license type=\"expression\">MIT</license>"));
            Assert.That(manifest, Does.Contain("<readme>README.md</readme>"));
            Assert.That(manifest, Does.Contain("<description>"));
            Assert.That(File.Exists(Path.ChangeExtension(file, ".snupkg")), Is.True);
        }
    }

    [Test]
    public void Abstractions_WhenPacked_DependOnTheBaseClassLibraryOnly()
    {
        using var archive = ZipFile.OpenRead(Directory.EnumerateFiles(PackedFeed.Folder, "LlmGuard.Abstractions.*.nupkg").Single());
        using var nuspec = new StreamReader(archive.Entries.Single(static e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open());

        Assert.That(nuspec.ReadToEnd(), Does.Not.Contain("<dependency id"));
    }
}
