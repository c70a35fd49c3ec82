using System.Reflection;
using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Tests.Views;

/// <summary>Rows of text that are copied while they are looked at come out as they do character by character, however the text is cut.</summary>
[NonParallelizable]
public sealed class RowsOfViewsTests
{
    private const string Prose =
        "It is as they wrote in the report of the year before, 12.5% of it at least, \"all\" told & done; C:\\temp \t or so.\r\n";

    private static readonly string[] Pieces =
    [
        Prose, Prose, "word", "word", " ", ", ", "a", "\u2019", "\u2019s", "\u201Cquoted\u201D", " \u2014 ", "\u2026",
        "\u00A0", "caf\u00E9", "na\u00EFve", "\u00C9t\u00E9", "stra\u00DFe", "e\u0301",
        "\u200B", "\u00AD", "\u0007", "%41", "%", "&amp;", "&", "\\u0041",
        "\\", "%\u2019", "\u0434\u043E\u043C", "\u0421\u0421\u0421", "\u03B1", "\u65E5\u672C", "\u3002",
        "\uFF14", "\U0001D400", "\U0001F600",
        "\u2460", "\u00BD", "\uFB01", "\u0660", "\uFFFD", "\u0000", "\u007F", "\u0E01",
    ];

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Take_GeneratedTexts_IsTheSameWithAndWithoutVectors([Values(int.MaxValue, 2400)] int limit, [Values] bool keepsLetters)
    {
        var (active, bounds) = (0, 0);
        for (var seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            var (text, cuts) = Generate(random, seed % 10 == 0 ? 600 : 30);
            var plain = View(SimdLevel.Scalar, text, cuts, limit, keepsLetters);
            active += plain.Length > 1 ? 1 : 0;
            bounds += plain[0] == "bound" ? 1 : 0;
            foreach (var level in new[] { SimdLevel.Bits128, SimdLevel.Bits256, SimdLevel.Bits512 })
            {
                var byVectors = View(level, text, cuts, limit, keepsLetters);
                Assert.That(byVectors, Is.EqualTo(plain), () => $"{seed}, {level}: {Encoding.UTF8.GetString(text)}");
            }
        }

        Assert.That(active, Is.GreaterThan(1000));
        Assert.That(bounds, limit == int.MaxValue ? Is.Zero : Is.GreaterThan(10));
    }

    [Test]
    public void Fold_GeneratedTexts_IsTheSameWithAndWithoutVectors()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var (text, cuts) = Generate(random, seed % 30 == 0 ? 400 : 30);
            var plain = Fold(SimdLevel.Scalar, text, cuts);
            foreach (var level in new[] { SimdLevel.Bits128, SimdLevel.Bits256, SimdLevel.Bits512 })
            {
                Assert.That(Fold(level, text, cuts), Is.EqualTo(plain), () => $"{seed}, {level}: {Encoding.UTF8.GetString(text)}");
            }
        }
    }

    [Test]
    public void Reset_AfterAnyText_LeavesNothingOfIt()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var text = Generate(new Random(seed), 30).Text;
            var view = new NormalisedView(int.MaxValue);
            var folded = new FoldedText();
            folded.Reset(0);
            view.Take(new ScanWindow(text, 0, 0, isEnd: true));
            TextFolder.Append(text, 0, 0, isEnd: true, folded);

            view.Reset();
            folded.Reset(0);

            Assert.That(BytesOf(view.Text).Concat(BytesOf(folded)), Is.All.Zero, () => Encoding.UTF8.GetString(text));
        }
    }

    private static byte[] BytesOf<T>(T text) =>
        (byte[])typeof(T).GetField("_bytes", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(text)!;

    // Everything that can be asked of the view, as text to compare.
    private static string[] View(SimdLevel level, byte[] text, int[] cuts, int limit, bool keepsLetters)
    {
        Simd.Level = level;
        var view = new NormalisedView(limit, keepsLetters);
        try
        {
            foreach (var cut in cuts)
            {
                view.Take(new ScanWindow(text.AsSpan(0, cut), 0, 0, cut == text.Length));
            }
        }
        catch (ScanBoundException bound)
        {
            return ["bound", bound.Reason];
        }

        return view.IsActive
            ? [$"{view.Next} {view.HasResolved} {Encoding.UTF8.GetString(view.Text.Bytes)}",
                .. Enumerable.Range(0, (int)view.Text.End).Select(at => $"{at}: {view.Text.OriginalStart(at)} {view.Text.OriginalEnd(at + 1)}")]
            : [$"{view.Next} {view.HasResolved}"];
    }

    private static string[] Fold(SimdLevel level, byte[] text, int[] cuts)
    {
        Simd.Level = level;
        var folded = new FoldedText();
        folded.Reset(0);
        var at = 0;
        foreach (var cut in cuts)
        {
            at = TextFolder.Append(text.AsSpan(0, cut), at, 0, cut == text.Length, folded);
        }

        return
        [
            $"{folded.IsIdentity} {folded.HasDropped} {folded.HasTags} {folded.Widest} {folded.Invisible} {folded.HasExcessiveIgnorables}",
            Encoding.UTF8.GetString(folded.Utf8),
            .. Enumerable.Range(0, folded.Utf8.Length).Select(start => $"{start}: {folded.ToOriginal(start, 1)}"),
        ];
    }

    private static (byte[] Text, int[] Cuts) Generate(Random random, int most)
    {
        // Few changes, as in prose, or many.
        var ofProse = random.Next(4) * 3;
        var pieces = Enumerable.Range(0, random.Next(1, most))
            .Select(_ => Pieces[random.Next(10) < ofProse ? random.Next(8) : random.Next(Pieces.Length)]);
        var text = Encoding.UTF8.GetBytes(string.Concat(pieces));
        var cuts = Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(text.Length)).Where(cut => !AsciiByte.IsContinuation(text[cut]));
        return (text, [.. cuts.Order(), text.Length]);
    }
}
