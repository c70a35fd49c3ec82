using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Views;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>
/// Texts are folded and viewed in rows of characters; what comes out is what every character becomes by itself, and where it is said to come from is
/// that character.
/// </summary>
public sealed class CharacterLawTests
{
    private static readonly int Texts = FuzzBudget.Of(3000);

    // No letter of Greek, Cyrillic or Armenian where folding asks the neighbours, no sign of an escape.
    private static readonly string[] Pieces =
    [
        "a", "Z", "9", " ", " ", "\n", "\"", "word ", "\u0001", "\u007F",
        "A longer row of words, so that vectors take it at once; and then some more of them. ",
        "\u00E9", "\u00C9", "\u00DF", "\u0142", "\u0130", "\uFB01", "\u2026", "\uFF21", "\uFF11", "\u4FE1", "\u3042", "\u30E2\u30C7\u30EB",
        "\u05D0", "\u0627", "\u0E01\u0E31", "\u0301", "\u200B", "\uFE0F", "\uFFFD", "\U0001D41A", "\U0001F600", "\U00020000", "\U000E0062",
        "\u2019", "\u00A0",
    ];

    private static readonly string[] WithLookAlikes = [.. Pieces, "\u0430", "\u0421\u043B\u043E\u0432\u043E", "\u0434", "\u03B1", "\u0561"];

    private static readonly byte[][] IllFormed = [[0xFF], [0xC3], [0xE3, 0x81], [0xF0, 0x9F], [0x80], [0xED, 0xA0, 0x80]];

    [Test]
    public void Fold_AnyText_IsWhatItsCharactersBecome()
    {
        var random = new Random(1);
        using var folded = FoldedText.Rent();
        for (var n = 0; n < Texts; n++)
        {
            var text = Text(Pieces, random);
            TextFolder.Fold(text, folded);
            var expected = FoldOneByOne(text);
            var spans = Enumerable.Range(0, expected.Count).Select(i => Span(folded.ToOriginal(i, 1)));
            Assert.That(folded.Utf8.ToArray(), Is.EqualTo(expected.Select(e => e.Byte)), Convert.ToHexString(text));
            Assert.That(spans, Is.EqualTo(expected.Select(e => (e.Start, e.End))), Convert.ToHexString(text));
        }
    }

    // In words that are longer, or have a letter that looks like no Latin one, folding asks no neighbours.
    [Test]
    public void Fold_LongWordsOfOtherScripts_AreWhatTheirCharactersBecome()
    {
        var random = new Random(3);
        using var folded = FoldedText.Rent();
        for (var n = 0; n < Texts / 3; n++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(n % 20 == 0 ? 600 : 12)).Select(_ => LongWord(random))));
            TextFolder.Fold(text, folded);
            var expected = FoldOneByOne(text);
            Assert.That(folded.Utf8.ToArray(), Is.EqualTo(expected.Select(e => e.Byte)), Convert.ToHexString(text));
            for (var start = 0; start < expected.Count; start++)
            {
                var end = start + 1;
                while (end < expected.Count && AsciiByte.IsContinuation(expected[end].Byte))
                {
                    end++;
                }

                if (!AsciiByte.IsContinuation(expected[start].Byte))
                {
                    Assert.That(Span(folded.ToOriginal(start, end - start)), Is.EqualTo((expected[start].Start, expected[end - 1].End)));
                }
            }
        }
    }

    [Test]
    public void Take_AnyText_IsWhatItsCharactersBecome([Values] bool keepsLetters)
    {
        var random = new Random(2);
        var active = 0;
        for (var n = 0; n < Texts; n++)
        {
            var text = Text(WithLookAlikes, random);
            var view = new NormalisedView(int.MaxValue, keepsLetters);
            for (var end = 0; end < text.Length; end += 1 + random.Next(40))
            {
                view.Take(new ScanWindow(text.AsSpan(0, CharacterAt(text, end)), 0, 0, isEnd: false));
            }

            view.Take(new ScanWindow(text, 0, 0, isEnd: true));
            var expected = ViewOneByOne(text, keepsLetters);
            active += view.IsActive ? 1 : 0;
            Assert.That(view.HasResolved, Is.False);
            Assert.That(view.IsActive ? view.Text.Bytes.ToArray() : text, Is.EqualTo(expected.Select(e => e.Byte)), Convert.ToHexString(text));
            if (view.IsActive)
            {
                Assert.That(Enumerable.Range(0, expected.Count).Select(i => ((int)view.Text.OriginalStart(i), (int)view.Text.OriginalEnd(i + 1))),
                    Is.EqualTo(expected.Select(e => (e.Start, e.End))), Convert.ToHexString(text));
            }
        }

        Assert.That(active, Is.GreaterThan(Texts / 2), "texts without a view prove nothing");
    }

    [Test]
    public void Find_WhatAnyCharacterBecomes_StaysAsItIs()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (Rune.IsValid(value) && CasedFold.Find(value) is >= 0 and var entry)
            {
                Assert.That(CasedFold.Find(entry), Is.EqualTo(entry), $"U+{value:X4}");
            }
        }
    }

    private static string LongWord(Random random)
    {
        string[] scripts =
        [
            "\u0430\u0431\u0432\u0433\u0434\u0435\u0439\u043A\u043E\u0441\u0442\u0443\u0445\u0410\u0411\u0412\u0419\u041E\u0456\u04AF",
            "\u03B1\u03B2\u03B3\u03B4\u03B5\u03BF\u03C1\u03C3\u03C5\u0391\u0393\u039D\u03AC",
            "\u0561\u0562\u0563\u0570\u0575\u0585\u0555",
        ];
        string[] between = [" ", " ", ", ", "\n", "%", " & ", "-", " 42 ", " word ", "\u200B ", " \u00E9 ", "\u0001 "];
        var script = scripts[random.Next(scripts.Length)];
        return string.Concat(Enumerable.Range(0, random.Next(5, 14)).Select(_ => script[random.Next(script.Length)]))
            + between[random.Next(between.Length)];
    }

    private static (int Start, int End) Span((int Start, int Length) span) => (span.Start, span.Start + span.Length);

    private static byte[] Text(string[] pieces, Random random) =>
    [
        .. Enumerable.Range(0, random.Next(30)).SelectMany(_ =>
            random.Next(40) == 0 ? IllFormed[random.Next(IllFormed.Length)] : Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)])),
    ];

    // What is known of a text ends between two characters.
    private static int CharacterAt(byte[] text, int at)
    {
        var end = 0;
        while (end < at)
        {
            Rune.DecodeFromUtf8(text.AsSpan(end), out _, out var width);
            end += width;
        }

        return end;
    }

    private static List<(byte Byte, int Start, int End)> FoldOneByOne(byte[] text)
    {
        var folded = new List<(byte Byte, int Start, int End)>();
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf8(text.AsSpan(at), out var rune, out var width);
            var entry = rune.IsAscii ? CasedFold.Find(rune.Value) : FoldTable.Find(rune.Value);
            if (entry == FoldTable.Mark && folded.Count > 0)
            {
                // A mark belongs to the character before it, all of which comes from it if it is another one.
                var (_, start, end) = folded[^1];
                for (var i = folded.Count - 1; i >= 0 && (folded[i].Start, folded[i].End) == (start, end); i--)
                {
                    folded[i] = folded[i] with { End = at + width };
                }
            }

            var becomes = entry is > FoldTable.FirstExpansion and < 0 ? ""
                : entry < 0 ? Expansions.Text(FoldTable.FirstExpansion - entry)
                : new Rune(rune.IsAscii ? Rune.ToLowerInvariant(rune).Value : entry & ~FoldTable.KeptMark).ToString();
            Add(folded, Encoding.UTF8.GetBytes(becomes), text, at, width);
            at += width;
        }

        return folded;
    }

    private static List<(byte Byte, int Start, int End)> ViewOneByOne(byte[] text, bool keepsLetters)
    {
        var view = new List<(byte Byte, int Start, int End)>();
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf8(text.AsSpan(at), out var rune, out var width);
            var entry = CasedFold.Find(rune.Value);
            var isSame = entry == rune.Value || (keepsLetters && entry is not (FoldTable.Ignored or FoldTable.Mark or FoldTable.Tag));
            var becomes = isSame ? text[at..(at + width)]
                : entry is > FoldTable.FirstExpansion and < 0 ? []
                : Encoding.UTF8.GetBytes(entry < 0 ? Expansions.Text(FoldTable.FirstExpansion - entry) : new Rune(entry).ToString());
            Add(view, becomes, text, at, width);
            at += width;
        }

        return view;
    }

    // What stays as it is maps byte by byte.
    private static void Add(List<(byte Byte, int Start, int End)> to, byte[] bytes, byte[] text, int at, int width)
    {
        var isSame = bytes.Length == width && (width == 1 || text.AsSpan(at, width).SequenceEqual(bytes));
        for (var i = 0; i < bytes.Length; i++)
        {
            to.Add((bytes[i], isSame ? at + i : at, isSame ? at + i + 1 : at + width));
        }
    }
}
