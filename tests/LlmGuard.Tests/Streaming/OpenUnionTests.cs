using System.Text;
using LlmGuard.Execution.Edits;
using LlmGuard.Masking;
using LlmGuard.Streaming;

namespace LlmGuard.Tests.Streaming;

/// <summary>
/// The law of unions that are longer than a stream waits for: however a growing text is cut, it becomes what it becomes as a whole, and of a union
/// whose mask has left nothing follows.
/// </summary>
public sealed class OpenUnionTests
{
    private const int Length = 24_000;

    private static readonly Replacement[] Replacements =
    [
        Replacement.Literal("[A]"), Replacement.Literal("[B]"), Replacement.Literal("[P]", MaskStrength.Partial),
        Replacement.Rendered(static (original, _) => $"[H{original.Length}]", MaskStrength.Hash), Replacement.Token("T"),
            Replacement.Fill(new Rune('*')),
    ];

    [Test]
    public void Take_TextCutWhereItMayBe_BecomesWhatItBecomesAsAWhole([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var (text, edits) = (TextOf(random), Edits(random));
        var (left, cutsInUnions) = Streamed(text, edits, random);

        Assert.That(left, Is.EqualTo(Whole(text, edits)));
        Assert.That(cutsInUnions, Is.GreaterThan(0), "no union was cut: the law was not tried");
    }

    [Test]
    public void Take_UnionWhoseMaskHasLeft_LeavesNothingOfTheRestWhereNothingElseBegins()
    {
        var union = new OpenUnion();
        List<SegmentEdit> edits = [Edit(10, 5000, "[A]"), Edit(4000, 3000, "[B]")];

        Assert.That(union.MayCut([.. edits], 0, 4000), Is.False, "what is stronger may still begin");
        Assert.That(union.MayCut([.. edits], 0, 4500), Is.True);
        Assert.That(union.Take([.. edits], 0, 4500),
            Has.One.Matches<MergedEdit>(static e => e.Span == new TextSpan(10, 4490) && e.Replacement.Value == "[A]"));

        // No edit begins behind the cut, and yet the union goes on to 7000.
        Assert.That(union.End, Is.EqualTo(7000));
        Assert.That(union.Take([], 4500, 6000),
            Has.One.Matches<MergedEdit>(static e => e.Span == new TextSpan(0, 1500) && e.Replacement.Value.Length == 0));
        Assert.That(union.Take([], 6000, 9000),
            Has.One.Matches<MergedEdit>(static e => e.Span == new TextSpan(0, 1000) && e.Replacement.Value.Length == 0));
        Assert.That(union.Take([], 9000, 9500), Is.Empty);
    }

    [Test]
    public void MayCut_OneLongEdit_WaitsForItsEnd()
    {
        var union = new OpenUnion();

        Assert.That(union.MayCut([Edit(0, 6000, "[A]")], 0, 5000), Is.False);
        Assert.That(union.MayCut([Edit(0, 6000, "[A]")], 0, 6000), Is.True);
    }

    private static (string Left, int CutsInUnions) Streamed(byte[] text, List<SegmentEdit> edits, Random random)
    {
        var (union, masks, left) = (new OpenUnion(), new CallMasks(), new StringBuilder());
        var (origin, cuts) = (0L, 0);
        for (var at = 0L; at < Length;)
        {
            at = Math.Min(Length, at + random.Next(1, 900));
            var known = Known(edits, origin, at);
            if (!union.MayCut([.. known], origin, at))
            {
                continue;
            }

            var piece = text.AsSpan((int)origin, (int)(at - origin));
            Append(left, piece, union.Take(known, origin, at), masks);
            cuts += union.End > at ? 1 : 0;
            origin = at;
        }

        return (left.ToString(), cuts);
    }

    // Up to an offset every entry has decided: what begins before it is known to its end, what has left is not asked for again.
    private static List<SegmentEdit> Known(List<SegmentEdit> edits, long origin, long at) =>
    [
        .. edits.Where(e => e.Span.Start >= origin && e.Span.Start < at)
            .Select(e => e with { Span = new TextSpan((int)(e.Span.Start - origin), e.Span.Length) }),
    ];

    private static string Whole(byte[] text, List<SegmentEdit> edits)
    {
        var left = new StringBuilder();
        Append(left, text, EditMerge.Merge(edits), new CallMasks());
        return left.ToString();
    }

    private static void Append(StringBuilder left, ReadOnlySpan<byte> text, MergedEdit[] edits, CallMasks masks)
    {
        var at = 0;
        foreach (var edit in edits)
        {
            left.Append(Encoding.UTF8.GetString(text[at..edit.Span.Start]));
            left.Append(Encoding.UTF8.GetString(EditRendering.Render(edit, text.Slice(edit.Span.Start, edit.Span.Length), masks)));
            at = edit.Span.End;
        }

        left.Append(Encoding.UTF8.GetString(text[at..]));
    }

    private static byte[] TextOf(Random random)
    {
        var text = new byte[Length];
        foreach (ref var letter in text.AsSpan())
        {
            letter = (byte)random.Next('a', 'z' + 1);
        }

        return text;
    }

    // Chains of edits that overlap over more than a union's longest length, and gaps between them.
    private static List<SegmentEdit> Edits(Random random)
    {
        var edits = new List<SegmentEdit>();
        for (var at = random.Next(500); at < Length - 1200;)
        {
            var length = random.Next(1, 1200);
            edits.Add(new SegmentEdit(0, new TextSpan(at, length), Replacements[random.Next(Replacements.Length)]));
            at += random.Next(12) == 0 ? length + random.Next(1, 400) : random.Next(1, length + 1);
        }

        return edits;
    }

    private static SegmentEdit Edit(int start, int length, string mask) => new(0, new TextSpan(start, length), Replacement.Literal(mask));
}
