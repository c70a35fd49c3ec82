using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Execution.Edits;
using LlmGuard.Masking;

namespace LlmGuard.Tests.Execution;

/// <summary>Merging and composing edits against the naive way: one edit after the other on plain bytes.</summary>
public sealed class EditPropertyTests
{
    private static readonly string[] Alphabet = ["a", "b", "é", "日", "😀", " "];

    private static readonly ReversibleMasking Masking = new("0123456789abcdef"u8);

    private static readonly Replacement[] Replacements =
    [
        Replacement.Literal("[X]"),
        Replacement.Literal(""),
        Replacement.Literal("日本", MaskStrength.Synthetic),
        Replacement.Literal("**1", MaskStrength.Partial),
        Replacement.Fill(new Rune('•')),
        Replacement.Token("email"),
        Replacement.Literal("[Y]"),
        Replacement.Fill(new Rune('#')),
        Replacement.ReversibleToken(Masking, "email"),
        Replacement.ReversibleToken(Masking, "name"),
    ];

    [Test]
    public void Apply_AnyRounds_EqualsNaiveReplacement() => Check(Rounds, ApplyAnyRounds);

    private static bool ApplyAnyRounds(int[] letters, int[][] rounds)
    {
        var original = GuardrailContent.FromText(string.Concat(letters.Select(Letter)), SegmentRole.User);
        var composition = new EditComposition(original);
        var numbers = new CallMasks();
        var naive = original[0].Utf8.ToArray();
        foreach (var round in rounds)
        {
            var edits = Edits(round, naive);
            var rendered = EditRendering.Render(EditMerge.Merge(edits), composition.Current, numbers);
            naive = ReplaceFromTheEnd(naive, rendered);
            composition.Apply(rendered);
        }

        return composition.Current[0].Utf8.Span.SequenceEqual(naive)
            && ReplaceFromTheEnd(original[0].Utf8.ToArray(), composition.Edits).AsSpan().SequenceEqual(naive)
            && IsOrdered(composition.Edits)
            && composition.Edits.All(e => !CutsCodePoint(original[0].Utf8.Span, e.Span));
    }

    [Test]
    public void Merge_AnyEdits_EqualsConnectedComponents() => Check(Round, MergeAnyEdits);

    private static bool MergeAnyEdits(int[] letters, int[] round)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(letters.Select(Letter)));
        var edits = Edits(round, text);
        var merged = EditMerge.Merge(edits);
        var expected = Components(edits);
        return merged.Length == expected.Count && merged.Zip(expected).All(p => Matches(p.First, p.Second));
    }

    [Test]
    public void Merge_OtherOrderOfEntries_KeepsSpans() => Check(Round, MergeOtherOrderOfEntries);

    private static bool MergeOtherOrderOfEntries(int[] letters, int[] round)
    {
        var edits = Edits(round, Encoding.UTF8.GetBytes(string.Concat(letters.Select(Letter))));
        var reversed = edits.Reverse().ToArray();
        return EditMerge.Merge(edits).Select(e => e.Span).SequenceEqual(EditMerge.Merge(reversed).Select(e => e.Span));
    }

    // Arrays as FsCheck makes them by itself are too short to hold two edits of three numbers each.
    private static readonly Gen<int[]> Letters = Numbers(0, 12);

    private static readonly Gen<int[]> Round = Numbers(0, 15);

    private static readonly Gen<int[][]> Rounds = Gen.Choose(0, 4).SelectMany(count => Round.ArrayOf(count));

    private static Gen<int[]> Numbers(int least, int most) => Gen.Choose(least, most).SelectMany(count => Gen.Choose(0, 99).ArrayOf(count));

    private static void Check<T>(Gen<T> rounds, Func<int[], T, bool> law) =>
        Prop.ForAll(Letters.ToArbitrary(), rounds.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(11, 13));

    private static bool Matches(MergedEdit edit, List<(SegmentEdit Edit, int Order)> group)
    {
        var span = new TextSpan(group.Min(g => g.Edit.Span.Start), group.Max(g => g.Edit.Span.End) - group.Min(g => g.Edit.Span.Start));
        var strongest = group.OrderByDescending(g => g.Edit.Replacement.Strength).ThenBy(g => g.Order).First().Edit.Replacement;
        var isUnion = group.Select(g => (g.Edit.Span, g.Edit.Replacement)).Distinct().Count() > 1;
        return edit.Span == span && ReferenceEquals(edit.Replacement, strongest) && edit.IsUnion == isUnion;
    }

    /// <summary>Groups of edits connected by shared bytes, found by joining until nothing changes.</summary>
    private static List<List<(SegmentEdit Edit, int Order)>> Components(SegmentEdit[] edits)
    {
        var groups = edits.Select((e, i) => new List<(SegmentEdit Edit, int Order)> { (e, i) }).ToList();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < groups.Count && !changed; i++)
            {
                var other = groups.FindIndex(i + 1, g => g.Any(x => groups[i].Any(y => x.Edit.Span.Overlaps(y.Edit.Span))));
                if (other > 0)
                {
                    groups[i].AddRange(groups[other]);
                    groups.RemoveAt(other);
                    changed = true;
                }
            }
        }

        return [.. groups.OrderBy(g => g.Min(e => e.Edit.Span.Start))];
    }

    private static string Letter(int number) => Alphabet[(int)((uint)number % Alphabet.Length)];

    /// <summary>Three numbers make an edit: first and last code point, and the replacement.</summary>
    private static SegmentEdit[] Edits(int[] numbers, byte[] text)
    {
        var starts = Enumerable.Range(0, text.Length).Where(i => (text[i] & 0xC0) != 0x80).Append(text.Length).ToArray();
        var edits = new List<SegmentEdit>();
        for (var i = 0; i + 2 < numbers.Length && starts.Length > 1; i += 3)
        {
            var first = (int)((uint)numbers[i] % (starts.Length - 1));
            var last = Math.Min(starts.Length - 1, first + 1 + (int)((uint)numbers[i + 1] % 4));
            var replacement = Replacements[(uint)numbers[i + 2] % Replacements.Length];
            edits.Add(new SegmentEdit(0, new TextSpan(starts[first], starts[last] - starts[first]), replacement));
        }

        return [.. edits];
    }

    private static byte[] ReplaceFromTheEnd(byte[] text, IEnumerable<TextEdit> edits)
    {
        var bytes = text.ToList();
        foreach (var edit in edits.Reverse())
        {
            bytes.RemoveRange(edit.Span.Start, edit.Span.Length);
            bytes.InsertRange(edit.Span.Start, edit.Utf8.ToArray());
        }

        return [.. bytes];
    }

    private static bool IsOrdered(TextEdit[] edits) => edits.Zip(edits.Skip(1)).All(p => p.First.Span.End <= p.Second.Span.Start);

    private static bool CutsCodePoint(ReadOnlySpan<byte> text, TextSpan span) => IsInside(text, span.Start) || IsInside(text, span.End);

    private static bool IsInside(ReadOnlySpan<byte> text, int offset) => offset < text.Length && (text[offset] & 0xC0) == 0x80;
}
