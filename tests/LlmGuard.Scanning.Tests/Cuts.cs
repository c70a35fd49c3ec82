using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Scanning.Tests;

/// <summary>The law of streams: for every way of cutting a text the output is that of the whole, and so is a bound that is hit.</summary>
internal static class Cuts
{
    private const string Bound = "(bound)";

    public static void AssertEqualWhole(ScanPlan plan, byte[] text, int[] cuts)
    {
        var expected = Whole(plan, text);
        Assert.That(Streamed(plan, text, cuts), Is.EqualTo(expected), () => $"text {Encoding.UTF8.GetString(text)} cut at {string.Join(',', cuts)}");
    }

    public static Gen<(byte[] Text, int[] Cuts)> Of(string[] pieces, int count) =>
        from size in Gen.Choose(1, count)
        from parts in Gen.ArrayOf(Gen.Elements(pieces), size)
        let text = Encoding.UTF8.GetBytes(string.Concat(parts))
        from cutCount in Gen.Choose(0, 20)
        from cuts in Gen.ArrayOf(Gen.Choose(0, text.Length), cutCount)
        select (text, cuts.Distinct().Order().ToArray());

    private static string Whole(ScanPlan plan, byte[] text)
    {
        try
        {
            return Encoding.UTF8.GetString(Scans.Apply(text, Scans.Spans(plan, text)));
        }
        catch (ScanBoundException bound)
        {
            return Bound + bound.Bound;
        }
    }

    private static string Streamed(ScanPlan plan, byte[] text, int[] cuts)
    {
        var session = plan.NewSession();
        var output = new List<byte>();
        var spans = new List<ScanSpan>();
        var released = 0;
        foreach (var end in cuts.Where(c => c < text.Length && !AsciiByte.IsContinuation(text[c])).Append(text.Length))
        {
            spans.Clear();
            var context = Math.Min(released, ScanPlan.Left);
            var pending = text.AsSpan(released - context, end - released + context);
            var isEnd = end == text.Length;
            int count;
            try
            {
                count = session.Advance(pending, context, isEnd, spans);
            }
            catch (ScanBoundException bound)
            {
                return Bound + bound.Bound;
            }

            Assert.That(count, Is.InRange(context, pending.Length));
            Assert.That(count == pending.Length || (count < pending.Length && !AsciiByte.IsContinuation(pending[count])), "cuts a code point");
            Assert.That(pending.Length - count, Is.LessThanOrEqualTo(isEnd ? 0 : plan.MaxSpan + plan.Right), "holds too much");
            Assert.That(spans.All(s => s.Start >= context && s.Start + s.Length <= count), "a span outside of what is released");
            output.AddRange(Scans.Apply(pending[..count], spans)[context..]);
            released += count - context;
        }

        return Encoding.UTF8.GetString([.. output]);
    }
}
