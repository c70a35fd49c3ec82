using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Tool.Measuring;

namespace LlmGuard.Tool.Tests.Parts;

public class MeasuringTests
{
    [FsCheck.NUnit.Property(MaxTest = 300, Replay = "(41,3)")]
    public Property SpanScore_AnySpans_CountsAsTheDefinitionSays() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Start, byte Length)[]>(), ArbMap.Default.ArbFor<(byte Start, byte Length)[]>(),
        ((byte Start, byte Length)[] goldSpans, (byte Start, byte Length)[] predictedSpans) =>
        {
            var gold = Spans(goldSpans);
            var predicted = Spans(predictedSpans);

            var score = SpanScore.Of(gold, predicted);

            Assert.That(score, Is.EqualTo(new SpanScore(
                gold.Count,
                gold.Count(g => predicted.Any(p => p.Start < g.End && g.Start < p.End)),
                predicted.Count,
                predicted.Count(p => gold.Any(g => p.Start < g.End && g.Start < p.End)),
                predicted.Count(gold.Contains))));
        });

    [FsCheck.NUnit.Property(MaxTest = 300, Replay = "(41,3)")]
    public Property Histogram_AnyLatencies_PercentilesAreWithinOnePartIn64() => Prop.ForAll(
        ArbMap.Default.ArbFor<uint[]>(),
        (uint[] ticks) =>
        {
            var histogram = new LatencyHistogram();
            foreach (var value in ticks)
            {
                histogram.Add(TimeSpan.FromTicks(value));
            }

            var sorted = ticks.Order().ToArray();
            foreach (var share in (double[])[0.01, 0.5, 0.9, 0.99, 1])
            {
                var exact = sorted.Length == 0 ? (double?)null : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
                var measured = (double?)histogram.Percentile(share)?.Ticks;
                Assert.That(measured is null == exact is null);
                Assert.That(measured ?? 0, Is.InRange(exact ?? 0, (exact ?? 0) * 65 / 64));
            }
        });

    [TestCase(0, 0, 0, 0, null, null, null, null)]
    [TestCase(3, 1, 1, 5, 0.75, 0.75, 0.75, 1 / 6.0)]
    [TestCase(0, 0, 4, 2, null, 0.0, 0.0, 0.0)]
    [TestCase(0, 2, 0, 2, 0.0, null, null, 0.5)]
    public void Confusion_Counts_GiveRatesOrNothing(long tp, long fp, long fn, long tn, double? precision, double? recall, double? f1, double? fpr)
    {
        var rows = new Confusion(tp, fp, fn, tn);

        Assert.That((rows.Precision, rows.Recall, rows.F1, rows.FalsePositiveRate), Is.EqualTo((precision, recall, f1, fpr)));
    }

    [Test]
    public void TypeMap_SeveralNamesOfOneEntity_AreOneType()
    {
        var map = new TypeMap(["PHONE=phone_number", "Phone-Number = phone_number", "IP=ip_address,ip6_address"], isOnlyMapped: false);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(map.OfLabel("PHONE_NUMBER"), Is.EqualTo("phone"));
            Assert.That(map.OfEntity("phone_number"), Is.EqualTo("phone"));
            Assert.That(map.OfEntity("ip6_address"), Is.EqualTo("ip"));
            Assert.That(map.OfLabel("US SSN"), Is.EqualTo("us_ssn"));
            Assert.That(map.IsMapped("us_ssn"), Is.False);
        }
    }

    [Test]
    public void TypeMap_OnlyMapped_LeavesTheRestOut()
    {
        var map = new TypeMap(["PHONE=phone_number"], isOnlyMapped: true);

        Assert.That(
            (map.OfLabel("PERSON"), map.OfEntity("email"), map.OfEntity("phone_number")), Is.EqualTo(((string?)null, (string?)null, "phone")));
        Assert.That(() => new TypeMap([], isOnlyMapped: true), Throws.TypeOf<ToolException>());
    }

    [Test]
    public void TypeMap_EntityOfTwoTypesThatAreNotOne_IsRefused() =>
        Assert.That(() => new TypeMap(["A=x", "B=y", "A=y"], isOnlyMapped: false), Throws.TypeOf<ToolException>());

    private static List<(int Start, int End)> Spans((byte Start, byte Length)[] spans) =>
        [.. spans.Select(s => (s.Start % 60, (s.Start % 60) + (s.Length % 7) + 1)).Distinct()];
}
