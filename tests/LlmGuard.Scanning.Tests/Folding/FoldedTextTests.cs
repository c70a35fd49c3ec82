using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Tests.Folding;

public sealed class FoldedTextTests
{
    // Code points of every kind the folder distinguishes.
    private static readonly Gen<Rune> Runes = Gen.OneOf(
        Gen.Choose(0, 0x7F), Gen.Choose('a', 'z'), Gen.Choose('A', 'Z'), Gen.Choose(0x80, 0x52F), Gen.Choose(0x300, 0x36F),
            Gen.Choose(0x1D00, 0x24FF),
        Gen.Elements(0x200B, 0xFEFF, 0xAD, 0xFB01, 0xFB03, 0x2167, 0xBD, 0xE0041, 0xE0001, 0x05B0, 0x4E2D), Gen.Choose(0xFF00, 0xFFEF),
        Gen.Choose(0x1D400, 0x1D7FF), Gen.Choose(0x1F100, 0x1F1FF), Gen.Choose(0xE000, 0x10FFFF)).Select(c => new Rune(c));

    private static readonly Gen<string> Texts = Runes.ArrayOf().Select(runes => string.Concat(runes));

    [Test]
    public void ToOriginal_EveryPieceOfAnyText_IsMonotoneAndWithinCodePoints() => Laws.AssertHolds(Texts, text =>
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        using var folded = FoldedText.Rent();
        foreach (var tags in Enum.GetValues<TagReading>())
        {
            TextFolder.Fold(utf8, folded, tags);
            var (lastStart, lastEnd) = (0, 0);
            for (var i = 0; i < folded.Utf8.Length; i++)
            {
                var (start, length) = folded.ToOriginal(i, 1);
                if (length < 1 || start < lastStart || start + length < lastEnd || start + length > utf8.Length)
                {
                    return false;
                }

                (lastStart, lastEnd) = (start, start + length);
            }

            if (!System.Text.Unicode.Utf8.IsValid(folded.Utf8) || !CutsNothing(utf8, folded))
            {
                return false;
            }
        }

        return true;
    });

    [Test]
    public void ToOriginal_EveryPieceOfAnyText_CoversAllThatIsNotInvisible() => Laws.AssertHolds(Texts, text =>
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        using var folded = FoldedText.Rent();
        TextFolder.Fold(utf8, folded);
        var isCovered = new bool[utf8.Length];
        foreach (var (at, count) in CodePointsOf(folded.Utf8.ToArray()))
        {
            var (start, length) = folded.ToOriginal(at, count);
            isCovered.AsSpan(start, length).Fill(true);
        }

        // What no piece covers folds to nothing on its own.
        return CodePointsOf(utf8).All(c => isCovered[c.Start] || Fold(utf8.AsSpan(c.Start, c.Length)).Length == 0);
    });

    [Test]
    public void Fold_FoldedText_IsUnchanged() => Laws.AssertHolds(Texts, text =>
    {
        var once = TextFolder.Fold(text);
        return TextFolder.Fold(once) == once;
    });

    [Test]
    public void Fold_Concatenation_IsTheConcatenationOfTheFolds() => Laws.AssertHolds(Texts.Two(), pair =>
        TextFolder.Fold(pair.Item1 + pair.Item2) == TextFolder.Fold(pair.Item1) + TextFolder.Fold(pair.Item2));

    [Test]
    public void Fold_Ascii_IsIdentityButForCase() => Laws.AssertHolds(Gen.Choose(0x20, 0x7E).ArrayOf(), codes =>
    {
        byte[] ascii = [.. codes.Select(c => (byte)c)];
        using var folded = FoldedText.Rent();
        TextFolder.Fold(ascii, folded);
        return folded.IsIdentity && folded.Utf8.SequenceEqual(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(ascii).ToLowerInvariant()));
    });

    [Test]
    public void Fold_DisguisedWord_IsTheWordAndMapsBackToAllOfIt() => Laws.AssertHolds(Disguises.Words(), given =>
    {
        var disguised = Disguises.All[given.Way](given.Word, new Random(given.Seed));
        var before = Encoding.UTF8.GetBytes("é x ");
        var utf8 = Encoding.UTF8.GetBytes("é x " + disguised + " y");
        using var folded = FoldedText.Rent();
        TextFolder.Fold(utf8, folded);
        var at = folded.Utf8.IndexOf(Encoding.UTF8.GetBytes(given.Word));
        return at == 4 && folded.ToOriginal(at, given.Word.Length) == (before.Length, Encoding.UTF8.GetByteCount(disguised));
    });

    [TestCase(30, false)]
    [TestCase(31, true)]
    public void HasExcessiveIgnorables_RunOfInvisible_DependsOnItsLength(int length, bool expected)
    {
        foreach (var invisible in new[] { "\u200B", "\u0301", "\uFE0F", "\u05B0", "\U000E0041", "\u0001" })
        {
            using var folded = FoldedText.Rent();
            TextFolder.Fold(Encoding.UTF8.GetBytes("a" + string.Concat(Enumerable.Repeat(invisible, length)) + "b"), folded);
            Assert.That(folded.HasExcessiveIgnorables, Is.EqualTo(expected), $"U+{char.ConvertToUtf32(invisible, 0):X4}");
        }
    }

    [Test]
    public void HasExcessiveIgnorables_ManyShortRuns_IsFalse()
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a\u0301\u200B", 1000))), folded);
        Assert.That(folded.HasExcessiveIgnorables, Is.False);
    }

    [Test]
    public void Fold_IllFormedBytes_FoldToReplacementCharactersThatMapBack()
    {
        byte[] utf8 = [(byte)'a', 0xFF, 0xC3, (byte)'b'];
        using var folded = FoldedText.Rent();
        TextFolder.Fold(utf8, folded);
        Assert.That(Encoding.UTF8.GetString(folded.Utf8), Is.EqualTo("a\uFFFD\uFFFDb"));
        Assert.That(folded.ToOriginal(1, 3), Is.EqualTo((1, 1)));
        Assert.That(folded.ToOriginal(7, 1), Is.EqualTo((3, 1)));
    }

    [Test]
    public void ToOriginal_PartOfALigature_IsTheWholeLigature()
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold("xﬃx"u8, folded);
        Assert.That(folded.ToOriginal(2, 1), Is.EqualTo((1, 3)));
        Assert.That(folded.ToOriginal(3, 2), Is.EqualTo((1, 4)));
    }

    [TestCase(0, 0)]
    [TestCase(-1, 1)]
    [TestCase(2, 2)]
    public void ToOriginal_OutsideTheText_Throws(int start, int length)
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold("abc"u8, folded);
        Assert.That(() => folded.ToOriginal(start, length), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Dispose_InstanceReused_HoldsNothingOfTheTextBefore()
    {
        FoldedText first;
        using (first = FoldedText.Rent())
        {
            TextFolder.Fold("secret \u200B\U000E0041"u8, first);
        }

        using var second = FoldedText.Rent();
        Assert.That(second, Is.SameAs(first));
        Assert.That((second.Utf8.Length, second.HasTags, second.IsIdentity, second.HasExcessiveIgnorables), Is.EqualTo((0, false, true, false)));
    }

    private static bool CutsNothing(byte[] utf8, FoldedText folded)
    {
        foreach (var (at, count) in CodePointsOf(folded.Utf8.ToArray()))
        {
            var (start, length) = folded.ToOriginal(at, count);
            if ((utf8[start] & 0xC0) == 0x80 || (start + length < utf8.Length && (utf8[start + length] & 0xC0) == 0x80))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<(int Start, int Length)> CodePointsOf(byte[] utf8)
    {
        for (var offset = 0; offset < utf8.Length;)
        {
            Rune.DecodeFromUtf8(utf8.AsSpan(offset), out _, out var length);
            yield return (offset, length);
            offset += length;
        }
    }

    private static string Fold(ReadOnlySpan<byte> utf8) => TextFolder.Fold(Encoding.UTF8.GetString(utf8));
}
