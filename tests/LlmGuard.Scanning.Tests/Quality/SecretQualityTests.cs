using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Quality;

/// <summary>How many labelled secrets are found, and how many texts without any are suspected.</summary>
public sealed class SecretQualityTests
{
    private static readonly string[] Files =
        ["secrets/gitleaks_rules", "secrets/detect_secrets_tests", "secrets/secretlint_snapshots", "secrets/llmguard_secrets_tests"];

    private static readonly ScanPlan Secrets = PlanFor(Confidence.Default);

    [Test]
    public void Scan_LabelledSecrets_ReachesTheGates()
    {
        Corpus.AssumePresent();
        var tuned = new Tally();
        var heldOut = new Tally();
        TestContext.Out.WriteLine(Tally.Header);
        foreach (var file in Files)
        {
            var whole = new Tally();
            foreach (var row in Corpus.Read(file))
            {
                var spans = Scans.Find(Secrets, row.Text);
                var isFound = spans.Length > 0;
                whole.Count(row.IsPositive, isFound);
                (row.IsHeldOut ? heldOut : tuned).Count(row.IsPositive, isFound);
                Dump.Row("secrets", row.IsHeldOut, row.IsPositive, isFound, $"{row.Category} | {string.Join(' ', spans)} | {row.Text}");
            }

            TestContext.Out.WriteLine(whole.Row(file));
        }

        TestContext.Out.WriteLine(tuned.Row("tuned half"));
        TestContext.Out.WriteLine(heldOut.Row("held-out half"));
        Assert.Multiple(() =>
        {
            Assert.That(heldOut.F1, Is.GreaterThanOrEqualTo(0.87));
            Assert.That(heldOut.FalsePositiveRate, Is.LessThanOrEqualTo(0.026));
            Assert.That(tuned.FalsePositiveRate, Is.LessThanOrEqualTo(0.026));
        });
    }

    [TestCase(Confidence.Low, 0.89, 0.20)]
    [TestCase(Confidence.Doubtful, 0.88, 0.10)]
    [TestCase(Confidence.Default, 0.87, 0.026)]
    [TestCase(Confidence.High, 0.86, 0.026)]
    public void Scan_LeastConfidence_TradesRecallForPrecision(byte least, double leastF1, double mostFalse)
    {
        Corpus.AssumePresent();
        var plan = PlanFor(least);
        var (tuned, heldOut) = (new Tally(), new Tally());
        foreach (var row in Files.SelectMany(Corpus.Read))
        {
            (row.IsHeldOut ? heldOut : tuned).Count(row.IsPositive, Scans.Spans(plan, row.Utf8).Count > 0);
        }

        TestContext.Out.WriteLine(Tally.Header);
        TestContext.Out.WriteLine(tuned.Row($"tuned half, min_confidence {least}"));
        TestContext.Out.WriteLine(heldOut.Row($"held-out half, min_confidence {least}"));
        Assert.That(heldOut.F1, Is.GreaterThanOrEqualTo(leastF1));
        Assert.That(heldOut.FalsePositiveRate, Is.LessThanOrEqualTo(mostFalse));
    }

    [TestCase("benign_corpora/source_code_chunks", 0)]
    [TestCase("benign_corpora/lockfiles_and_manifests", 0)]
    public void Scan_BenignTexts_SuspectsFew(string file, int most)
    {
        Corpus.AssumePresent();
        var count = 0;
        foreach (var row in Corpus.Read(file))
        {
            foreach (var span in Scans.Spans(Secrets, row.Utf8))
            {
                count++;
                Dump.Span("secrets-benign", row, span.Start, span.Length, "");
            }
        }

        TestContext.Out.WriteLine($"{file}: {count} spans of secrets");
        Assert.That(count, Is.LessThanOrEqualTo(most));
    }

    private static ScanPlan PlanFor(byte least) =>
        new([.. EntityCatalog.InGroup("secrets").Select(id => new ScanRule.Entity(EntityCatalog.Find(id, least)!))], ScanViews.None);
}
