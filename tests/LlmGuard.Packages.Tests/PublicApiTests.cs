using System.Reflection;

namespace LlmGuard.Packages.Tests;

/// <summary>
/// The public surface of every package is a reviewed file. After a deliberate change, run the tests with LLMGUARD_APPROVE_API=1 and read the diff.
/// </summary>
[TestFixture]
public sealed class PublicApiTests
{
    [TestCaseSource(typeof(Repository), nameof(Repository.Libraries))]
    public void PublicSurface_OfPackage_IsTheApprovedOne(string package)
    {
        var approved = Path.Combine(Repository.Root, "tests", "LlmGuard.Packages.Tests", "PublicApi", package + ".txt");
        var actual = PublicApi.Of(Assembly.Load(package));
        if (Environment.GetEnvironmentVariable("LLMGUARD_APPROVE_API") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(approved)!);
            File.WriteAllText(approved, actual);
        }

        Assert.That(actual, Is.EqualTo(File.Exists(approved) ? File.ReadAllText(approved) : "(no approved file)"));
    }

    [TestCaseSource(typeof(Repository), nameof(Repository.Libraries))]
    public void Package_OfTheRepository_HasAReadmeWithACompiledSample(string package)
    {
        var readme = Path.Combine(Repository.Root, "src", package, "README.md");

        Assert.That(File.Exists(readme), Is.True);
        Assert.That(ReadmeSamples.In(readme), Is.Not.Empty, "the README shows no C# sample");
    }
}
