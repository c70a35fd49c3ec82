using System.Text;
using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests;

/// <summary>A session that has scanned before scans a text in which nothing is found without allocating.</summary>
public sealed class ScanAllocationTests
{
    [Test]
    public void Scan_SteadyState_AllocatesNothing([Values] bool allViews)
    {
        var plan = Scans.Entities(allViews ? ScanViews.All : ScanViews.None, EntityCatalog.Ids);
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("The words of 12 sentences, and a total = 7 of them: see page 90.\n", 40)));
        var (session, spans) = (plan.NewSession(), new List<ScanSpan>());
        for (var i = 0; i < 3; i++)
        {
            session.Scan(text, spans);
        }

        Assert.That(spans, Is.Empty);
        var before = GC.GetAllocatedBytesForCurrentThread();
        session.Scan(text, spans);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
