using System.Text.Json;
using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Quality;

/// <summary>
/// How the rows in the folder "Rows" are judged: those the detectors were improved on, and those of which only the figures were looked at.
/// </summary>
public sealed class OwnRowsTests
{
    private static readonly Dictionary<string, string[]> Kinds = new()
    {
        ["EMAIL"] = ["email"],
        ["PHONE"] = ["phone_number", "spanish_phone"],
        ["CARD"] = ["credit_card"],
        ["IBAN"] = ["iban", "spanish_iban"],
        ["SSN"] = ["ssn"],
        ["IP"] = ["ip_address", "ip6_address"],
    };

    private static readonly string[] Ids = [.. EntityCatalog.InGroup("pii")];

    private static readonly ScanPlan Pii = Scans.Entities(Ids);

    private static readonly ScanPlan Secrets = Scans.Entities(EntityCatalog.InGroup("secrets"));

    [TestCase("written_secrets", 0.93)]
    [TestCase("unseen_secrets", 0.86)]
    public void Scan_Secrets_ReachesTheGates(string file, double leastF1)
    {
        var tally = new Tally();
        foreach (var row in Read(file))
        {
            tally.Count(row.IsPositive, Scans.Spans(Secrets, row.Utf8).Count > 0);
        }

        TestContext.Out.WriteLine($"{Tally.Header}\n{tally.Row(file)}");
        Assert.That(tally.F1, Is.GreaterThanOrEqualTo(leastF1));
        Assert.That(tally.FalsePositiveRate, Is.LessThanOrEqualTo(0.02));
    }

    [TestCase("written_pii")]
    [TestCase("unseen_pii")]
    public void Scan_PersonalData_ReachesTheGates(string file)
    {
        var all = new Tally();
        var byKind = Kinds.Keys.ToDictionary(kind => kind, _ => new Tally());
        foreach (var row in Read(file))
        {
            var spans = Scans.Spans(Pii, row.Utf8);
            foreach (var (kind, ids) in Kinds)
            {
                var expected = row.Spans.Where(s => s.Type == kind).ToList();
                var found = spans.Where(s => ids.Contains(Ids[s.Rule])).ToList();
                var hits = expected.Count(e => found.Exists(f => Overlap(e, f)));
                var wrong = found.Count(f => !expected.Exists(e => Overlap(e, f)));
                byKind[kind].Count(hits, expected.Count - hits, wrong);
                all.Count(hits, expected.Count - hits, wrong);
            }
        }

        TestContext.Out.WriteLine($"{Tally.Header}\n{string.Join('\n', byKind.Select(k => k.Value.Row(k.Key)))}\n{all.Row(file)}");
        Assert.Multiple(() =>
        {
            Assert.That(all.F1, Is.GreaterThanOrEqualTo(0.95));
            Assert.That(byKind["PHONE"].Recall, Is.GreaterThanOrEqualTo(0.94));
            Assert.That(byKind["PHONE"].Precision, Is.GreaterThanOrEqualTo(0.94));
        });
    }

    private static bool Overlap(CorpusSpan expected, ScanSpan found) => found.Start < expected.End && expected.Start < found.Start + found.Length;

    private static IEnumerable<CorpusRow> Read(string file)
    {
        foreach (var line in File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Quality", "Rows", file + ".jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            yield return CorpusRow.From(row.RootElement);
        }
    }
}
