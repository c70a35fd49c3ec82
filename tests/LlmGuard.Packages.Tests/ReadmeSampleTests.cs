namespace LlmGuard.Packages.Tests;

[TestFixture]
public sealed class ReadmeSampleTests
{
    [TestCaseSource(nameof(Samples))]
    public void Sample_OfReadme_Compiles(string sample)
    {
        Assert.That(ReadmeSamples.Errors(sample), Is.Empty);
    }

    [Test]
    public void Errors_SampleWithAMistake_AreReported()
    {
        Assert.That(ReadmeSamples.Errors("services.AddAiGuardrailz();"), Is.Not.Empty);
    }

    private static IEnumerable<TestCaseData> Samples() =>
        from readme in new[] { Repository.Root }.Concat(Repository.Packages().Select(static p => Path.Combine(Repository.Root, "src", p)))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Repository.Root, "samples")))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Repository.Root, "tests")))
            .Select(static folder => Path.Combine(folder, "README.md"))
        where File.Exists(readme)
        from sample in ReadmeSamples.In(readme).Index()
        select new TestCaseData(sample.Item).SetName($"{Path.GetFileName(Path.GetDirectoryName(readme))} sample {sample.Index + 1}");
}
