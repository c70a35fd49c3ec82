using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Quality;

/// <summary>How well the six structured kinds of personal data are found, by overlapping spans.</summary>
public sealed class PiiQualityTests
{
    private static readonly string[] Kinds = ["email", "phone", "card", "iban", "ssn", "ip"];

    // Everything that claims text, as a policy with the group does, so that a wrong name for a right span counts as a miss.
    private static readonly string[] Ids = [.. EntityCatalog.Ids.Where(id => EntityCatalog.Get(id).Groups.HasFlag(EntityGroups.Pii))];

    private static readonly ScanPlan Pii = Scans.Entities(Ids);

    [Test]
    public void Scan_AnnotatedTexts_ReachesTheGates()
    {
        Corpus.AssumePresent();
        var halves = (Tuned: new Tally(), HeldOut: new Tally());
        var byKind = Kinds.ToDictionary(kind => kind, _ => new Tally());
        TestContext.Out.WriteLine(Tally.Header);
        foreach (var file in new[] { "pii/presidio_research_generated_large", "pii/presidio_recognizer_tests", "pii/recognizers_text_sequence" })
        {
            var whole = new Tally();
            foreach (var row in Corpus.Read(file))
            {
                foreach (var kind in Kinds.Where(kind => row.IsComplete || KindOf(row.Category) == kind))
                {
                    var expected = row.Spans.Where(s => KindOf(s.Type) == kind).ToList();
                    var found = Scans.Spans(Pii, row.Utf8).Where(s => KindOf(Ids[s.Rule]) == kind).ToList();
                    var hits = expected.Count(e => found.Any(f => Overlap(e, f)));
                    var wrong = found.Where(f => !expected.Any(e => Overlap(e, f))).ToList();
                    foreach (var tally in new[] { whole, byKind[kind], row.IsHeldOut ? halves.HeldOut : halves.Tuned })
                    {
                        tally.Count(hits, expected.Count - hits, wrong.Count);
                    }

                    expected.Where(e => !found.Any(f => Overlap(e, f))).ToList().ForEach(e =>
                        Dump.Span("pii", row, e.Start, e.End - e.Start, "MISS " + kind));
                    wrong.ForEach(f => Dump.Span("pii", row, f.Start, f.Length, "FALSE " + kind));
                }
            }

            TestContext.Out.WriteLine(whole.Row(file));
        }

        foreach (var (kind, tally) in byKind)
        {
            TestContext.Out.WriteLine(tally.Row(kind));
        }

        TestContext.Out.WriteLine(halves.Tuned.Row("tuned half"));
        TestContext.Out.WriteLine(halves.HeldOut.Row("held-out half"));
        Assert.That(halves.HeldOut.F1, Is.GreaterThanOrEqualTo(0.95));
        Assert.That(byKind["phone"].Recall, Is.GreaterThanOrEqualTo(0.92));
    }

    [Test]
    public void Scan_SingleValues_ReportsByType()
    {
        Corpus.AssumePresent();
        TestContext.Out.WriteLine(Tally.Header);
        foreach (var file in new[] { "pii/validatorjs_values", "pii/libphonenumber_examples", "pii/commonregex_tests", "pii/stdnum_doctests" })
        {
            var byCategory = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
            var whole = new Tally();
            foreach (var row in Corpus.Read(file))
            {
                var category = file.Contains("stdnum", StringComparison.Ordinal) ? "number" : row.Category;
                var spans = Scans.Spans(Pii, row.Utf8);
                var isFound = KindOf(category) is { } kind ? spans.Any(s => KindOf(Ids[s.Rule]) == kind) : spans.Count > 0;
                whole.Count(row.IsPositive, isFound);
                byCategory.TryAdd(category, new Tally());
                byCategory[category].Count(row.IsPositive, isFound);
                Dump.Row("values", row.IsHeldOut, row.IsPositive, isFound, $"{row.Category} | {row.Text}");
            }

            TestContext.Out.WriteLine(whole.Row(file));
            foreach (var (category, tally) in byCategory)
            {
                TestContext.Out.WriteLine(tally.Row("  " + category));
            }

            Assert.That(whole.Precision, Is.GreaterThanOrEqualTo(0.5), file);
        }
    }

    [TestCase("benign_corpora/source_code_chunks", 4)]
    [TestCase("benign_corpora/lockfiles_and_manifests", 5)]
    public void Scan_BenignTexts_SuspectsFew(string file, int most)
    {
        Corpus.AssumePresent();
        var (structured, others) = (0, 0);
        foreach (var row in Corpus.Read(file))
        {
            foreach (var span in Scans.Spans(Pii, row.Utf8))
            {
                var isStructured = KindOf(Ids[span.Rule]) is not null;
                structured += isStructured ? 1 : 0;
                others += isStructured ? 0 : 1;
                Dump.Span("pii-benign", row, span.Start, span.Length, Ids[span.Rule]);
            }
        }

        TestContext.Out.WriteLine($"{file}: {structured} spans of the six kinds, {others} of others");
        Assert.That(structured, Is.LessThanOrEqualTo(most));
    }

    private static bool Overlap(CorpusSpan expected, ScanSpan found) => found.Start < expected.End && expected.Start < found.Start + found.Length;

    private static string? KindOf(string type) => type switch
    {
        "email" or "EMAIL_ADDRESS" or "EMAILS" => "email",
        "phone_number" or "spanish_phone" or "PHONE_NUMBER" or "PH_MOBILE_NUMBER" or "TR_PHONE_NUMBER" or "PHONES" or "PHONESWITHEXTS" => "phone",
        "credit_card" or "CREDIT_CARD" or "CREDITCARDS" => "card",
        "iban" or "spanish_iban" or "IBAN_CODE" => "iban",
        "ssn" or "US_SSN" or "SSN" => "ssn",
        "ip_address" or "ip6_address" or "IP_ADDRESS" or "IPS" or "IPV6S" => "ip",
        _ => null,
    };
}
