using System.Text;
using LlmGuard.Execution.Edits;
using LlmGuard.Masking;

namespace LlmGuard.Tests.Execution;

public sealed class EditRenderingTests
{
    private static readonly Replacement Full = Replacement.Literal("[FULL]");
    private static readonly Replacement Hash = Replacement.Literal("[HASH]", MaskStrength.Hash);
    private static readonly Replacement Synthetic = Replacement.Literal("[SYN]", MaskStrength.Synthetic);
    private static readonly Replacement Partial = Replacement.Literal("**34", MaskStrength.Partial);
    private static readonly Replacement Fill = Replacement.Fill(new Rune('*'), "[FILLED]");

    private static IEnumerable<TestCaseData> Overlaps()
    {
        yield return new TestCaseData(Partial, Synthetic, "[SYN]").SetArgDisplayNames("synthetic over partial");
        yield return new TestCaseData(Synthetic, Hash, "[HASH]").SetArgDisplayNames("hash over synthetic");
        yield return new TestCaseData(Hash, Full, "[FULL]").SetArgDisplayNames("full over hash");
        yield return new TestCaseData(Partial, Full, "[FULL]").SetArgDisplayNames("full over partial");
        yield return new TestCaseData(Partial, Replacement.Literal("12**", MaskStrength.Partial), "[MASKED]")
            .SetArgDisplayNames("partial never on a union");
        yield return new TestCaseData(Fill, Partial, "[FILLED]").SetArgDisplayNames("fill falls to its union text");
        yield return new TestCaseData(Full, Fill, "[FULL]").SetArgDisplayNames("first in plan order among equals");
        yield return new TestCaseData(Fill, Full, "[FILLED]").SetArgDisplayNames("first in plan order among equals, swapped");
        yield return new TestCaseData(Rendered(MaskStrength.Hash), Partial, "<234567>")
            .SetArgDisplayNames("what is rendered tells nothing from a hash on");
        yield return new TestCaseData(Rendered(MaskStrength.Synthetic), Partial, "[MASKED]").SetArgDisplayNames("a synthetic one tells a form");
        yield return new TestCaseData(Replacement.Token("card"), Partial, "[CARD_1]").SetArgDisplayNames("token on the merged span");
    }

    private static Replacement Rendered(MaskStrength strength) =>
        Replacement.Rendered(static (original, _) => $"<{Encoding.UTF8.GetString(original)}>", strength);

    [TestCaseSource(nameof(Overlaps))]
    public void Render_OverlappingEdits_StrictestOnUnion(Replacement first, Replacement second, string expected)
    {
        var text = Apply("0123456789", (2, 4, first), (4, 4, second));

        Assert.That(text, Is.EqualTo("01" + expected + "89"));
    }

    [Test]
    public void Render_AdjacentEdits_StayApart() =>
        Assert.That(Apply("0123456789", (2, 2, Fill), (4, 2, Partial)), Is.EqualTo("01****3" + "46789"));

    [Test]
    public void Render_SameEditTwice_CountsOnce() =>
        Assert.That(Apply("0123456789", (2, 4, Fill), (2, 4, Replacement.Fill(new Rune('*'), "[FILLED]"))), Is.EqualTo("01****6789"));

    [Test]
    public void Render_Fill_CountsCodePoints() => Assert.That(Apply("é日😀x", (0, 9, Replacement.Fill(new Rune('•')))), Is.EqualTo("•••x"));

    [Test]
    public void Render_Tokens_SameOriginalSameNumberAcrossRounds()
    {
        var numbers = new CallMasks();
        var token = Replacement.Token("email");
        var first = Apply("a@b c@d a@b", numbers, (0, 3, token), (4, 3, token), (8, 3, token));
        var second = Apply("c@d", numbers, (0, 3, token));

        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo("[EMAIL_1] [EMAIL_2] [EMAIL_1]"));
            Assert.That(second, Is.EqualTo("[EMAIL_2]"));
        });
    }

    private static IEnumerable<TestCaseData> LongUnions()
    {
        var hash = Replacement.Rendered(static (_, _) => "[HASH]", MaskStrength.Hash);
        var full = Replacement.Literal("[FULL]");
        yield return Row("as long as may be", [(0, 4000, hash), (10, 4086, hash)], "[HASH]");
        yield return Row("of what shows something of it", [(0, 4000, hash), (10, 4087, hash)], "[MASKED]");
        yield return Row("one edit given twice", [(0, 4500, hash), (0, 4500, hash)], "[HASH]");
        yield return Row("what is fixed begins in time", [(0, 4096, hash), (4095, 10, full)], "[FULL]");
        yield return Row("what is fixed begins too late", [(0, 4200, hash), (4096, 200, full)], "[MASKED]");
        yield return Row("of fills", [(0, 4000, Replacement.Fill(new Rune('*'), "[U]")), (10, 4087, hash)], "[U]");
        static TestCaseData Row(string name, (int, int, Replacement)[] edits, string expected) =>
            new TestCaseData(edits, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(LongUnions))]
    public void Render_UnionLongerThanAReplacementIsMadeOf_IsMaskedInFull((int Start, int Length, Replacement Replacement)[] edits, string expected)
    {
        var end = edits.Max(static e => e.Start + e.Length);
        Assert.That(Apply(new string('x', end) + "y", edits), Is.EqualTo(expected + "y"));
    }

    private static IEnumerable<TestCaseData> Touching()
    {
        yield return Row("behind", [(0, 1)], [(1, 1)], [(0, 1), (1, 1)]);
        yield return Row("before", [(1, 1)], [(0, 1)], [(0, 1), (1, 1)]);
        yield return Row("an earlier one behind an overlap", [(0, 1), (2, 1)], [(0, 2)], [(0, 2), (2, 1)]);
        yield return Row("a later one behind an overlap", [(0, 2)], [(0, 1), (2, 1)], [(0, 2), (2, 1)]);
        static TestCaseData Row(string name, (int, int)[] first, (int, int)[] second, (int, int)[] expected) =>
            new TestCaseData(first, second, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Touching))]
    public void Apply_EditsThatOnlyTouch_StayApart((int Start, int Length)[] first, (int Start, int Length)[] second, (int, int)[] expected)
    {
        var composition = new EditComposition(GuardrailContent.FromText("abcd", SegmentRole.User));
        composition.Apply(Edits(first));
        composition.Apply(Edits(second));

        Assert.That(composition.Edits.Select(e => (e.Span.Start, e.Span.Length)), Is.EqualTo(expected));
        static TextEdit[] Edits((int Start, int Length)[] spans) =>
            [.. spans.Select(s => new TextEdit(0, new TextSpan(s.Start, s.Length), new byte[s.Length]))];
    }

    [Test]
    public void Apply_SeveralSegments_KeepsOrderAndUntouchedEdits()
    {
        var builder = new GuardrailContentBuilder();
        for (var i = 0; i < 3; i++)
        {
            builder.AddText("abc", new SegmentInfo());
        }

        var composition = new EditComposition(builder.Build());
        composition.Apply([new TextEdit(0, new(0, 1), "X"u8.ToArray()), new TextEdit(2, new(2, 1), "Z"u8.ToArray())]);
        composition.Apply([new TextEdit(1, new(1, 1), "Y"u8.ToArray()), new TextEdit(2, new(0, 1), "W"u8.ToArray())]);

        Assert.Multiple(() =>
        {
            Assert.That(composition.Current.Select(s => s.Text), Is.EqualTo(new[] { "Xbc", "aYc", "WbZ" }));
            Assert.That(composition.Edits.Select(e => (e.Segment, e.Span)), Is.EqualTo(new[]
            {
                (0, new TextSpan(0, 1)), (1, new TextSpan(1, 1)), (2, new TextSpan(0, 1)), (2, new TextSpan(2, 1)),
            }));
        });
    }

    private static string Apply(string text, params (int Start, int Length, Replacement Replacement)[] edits) => Apply(text, new CallMasks(), edits);

    private static string Apply(string text, CallMasks numbers, params (int Start, int Length, Replacement Replacement)[] edits)
    {
        var composition = new EditComposition(GuardrailContent.FromText(text, SegmentRole.User));
        var merged = EditMerge.Merge([.. edits.Select(e => new SegmentEdit(0, new TextSpan(e.Start, e.Length), e.Replacement))]);
        composition.Apply(EditRendering.Render(merged, composition.Current, numbers));
        return composition.Current[0].Text;
    }
}
