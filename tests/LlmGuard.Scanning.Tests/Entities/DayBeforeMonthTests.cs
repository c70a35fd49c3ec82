using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Whatever stands between a day and the name of a month, the tables stop at the day where the detector finds a date.</summary>
[NonParallelizable]
public sealed class DayBeforeMonthTests
{
    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Find_DayAndMonthInAllForms_IsWhatTheDetectorSays([Values] bool isWide)
    {
        Simd.Level = isWide ? SimdLevel.Bits512 : SimdLevel.Scalar;
        var detector = EntityCatalog.Find("date")!;
        var plan = Scans.Entities("date");
        var (dates, others) = (0, 0);
        foreach (var form in
            from day in new[] { "3", "12", "31", "123" }
            from ordinal in new[] { "", "rd", "TH", "er" }
            from joints in new[] { "", " ", ".", "-", ". ", ", ", "   " }
            from of in new[] { "", "of ", "de ", "OF " }
            from month in new[] { "May", "december", "Mai", "okt", "Enero", "model", "line" }
            select day + ordinal + joints + of + month)
        {
            var text = Encoding.ASCII.GetBytes($"seen on {form} 2020, they said in the end and went home");
            var seen = new ScanText(text, isEnd: true);
            var isDate = detector.TryMatch(ref seen, 8, 0, out var start, out var end);
            var spans = Scans.Spans(plan, text);
            Assert.That(spans.Exists(span => span.Start == start && span.Start + span.Length == end), Is.EqualTo(isDate), form);
            (dates, others) = isDate ? (dates + 1, others) : (dates, others + 1);
        }

        Assert.That((dates > 200, others > 200), Is.EqualTo((true, true)), "Both are among them.");
    }
}
