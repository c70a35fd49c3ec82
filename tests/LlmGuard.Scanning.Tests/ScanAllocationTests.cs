using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Scanning.Tests;

/// <summary>A session that has scanned before scans a text in which nothing is found without allocating.</summary>
public sealed class ScanAllocationTests
{
    private const int MostRounds = 1000;

    [Test]
    public void Scan_SteadyState_AllocatesNothing([Values] bool allViews)
    {
        var plan = Scans.Entities(allViews ? ScanViews.All : ScanViews.None, EntityCatalog.Ids);
        var text =
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("The words of 12 sentences, and a total = 7 of them: see page 90.\n", 40)));
        var (session, spans) = (plan.NewSession(), new List<ScanSpan>());
        var least = LeastAllocated.By(() => session.Scan(text, spans));
        Assert.That(spans, Is.Empty);
        Assert.That(least, Is.Zero);
    }

    [Test]
    public void Advance_PiecesThatEndWithSigns_AllocateNothing()
    {
        string[] pieces = [" my teacher used to", " say:", " not what", " you see =", " or hope,", " at", " 12.5", " metres (", "or more)", " >",
            " the", " end; \"", " I"];
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(string.Concat(pieces), 40)));
        var plan = Scans.Entities(ScanViews.All, EntityCatalog.Ids);

        // What the compiler has not optimised yet may put on the heap what stays on the stack later.
        var allocated = Allocated(plan, pieces, text);
        for (var round = 0; allocated > 0 && round < MostRounds; round++)
        {
            allocated = Allocated(plan, pieces, text);
        }

        Assert.That(allocated, Is.Zero);
    }

    // By the second half of a text that comes piece by piece.
    private static long Allocated(ScanPlan plan, string[] pieces, byte[] text)
    {
        var (session, spans) = (plan.NewSession(), new List<ScanSpan>());
        var (end, released, before) = (0, 0, 0L);
        for (var n = 0; end < text.Length; n++)
        {
            before = n == 20 * pieces.Length ? GC.GetAllocatedBytesForCurrentThread() : before;
            end += pieces[n % pieces.Length].Length;
            var context = Math.Min(released, ScanPlan.Left);
            released += session.Advance(text.AsSpan(released - context, end - released + context), context, isEnd: false, spans) - context;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(spans, Is.Empty);
        Assert.That(released, Is.GreaterThan(text.Length - 40), "it goes on");
        return allocated;
    }
}
