using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Remote.Tests.Texts;

public sealed class TextCutterTests
{
    private static readonly string[] Alphabet = ["a", "b", " ", "\n", "é", "€", "😀", "👩‍👩‍👧", "中"];

    public static IEnumerable<string> Units => Enum.GetNames<TextUnit>();

    [TestCaseSource(nameof(Units))]
    public void Cut_TextAtTheLimit_IsOneWindow(string unit)
    {
        var limit = new TextLimit(Enum.Parse<TextUnit>(unit), 64, 16);
        var text = Encoding.UTF8.GetBytes(new string('x', 64));

        var windows = TextCutter.Cut(text, limit);

        Assert.That(windows, Is.EqualTo(new[] { new TextSpan(0, 64) }));
    }

    [TestCaseSource(nameof(Units))]
    public void Cut_TextOneOverTheLimit_IsTwoOverlappingWindows(string unit)
    {
        var limit = new TextLimit(Enum.Parse<TextUnit>(unit), 64, 16);
        var text = Encoding.UTF8.GetBytes(new string('x', 65));

        var windows = TextCutter.Cut(text, limit);

        Assert.That(windows, Is.EqualTo(new[] { new TextSpan(0, 64), new TextSpan(48, 17) }));
    }

    [Test]
    public void Cut_EmojiAtTheBoundaryInUtf16_GoesIntoTheNextWindowWhole()
    {
        var limit = new TextLimit(TextUnit.Utf16, 64, 0);
        var text = Encoding.UTF8.GetBytes(new string('x', 63) + "😀" + "y");

        var windows = TextCutter.Cut(text, limit);

        Assert.That(windows, Is.EqualTo(new[] { new TextSpan(0, 63), new TextSpan(63, 5) }));
    }

    [Test]
    public void Cut_EmojiAtTheBoundaryInCodePoints_Fits()
    {
        var limit = new TextLimit(TextUnit.CodePoints, 64, 0);
        var text = Encoding.UTF8.GetBytes(new string('x', 63) + "😀" + "y");

        var windows = TextCutter.Cut(text, limit);

        Assert.That(windows, Is.EqualTo(new[] { new TextSpan(0, 67), new TextSpan(67, 1) }));
    }

    [Test]
    public void Cut_LineBreakInTheTail_CutsAfterIt()
    {
        var limit = new TextLimit(TextUnit.Bytes, 64, 0);
        var text = Encoding.UTF8.GetBytes(new string('x', 57) + "\na b" + new string('y', 40));

        var windows = TextCutter.Cut(text, limit);

        Assert.That(windows[0], Is.EqualTo(new TextSpan(0, 58)));
    }

    [Test]
    public void Cut_LineBreakBeforeTheTail_CutsAtTheLimit()
    {
        var limit = new TextLimit(TextUnit.Bytes, 64, 0);
        var text = Encoding.UTF8.GetBytes("xx\n" + new string('y', 100));

        Assert.That(TextCutter.Cut(text, limit)[0], Is.EqualTo(new TextSpan(0, 64)));
    }

    [TestCaseSource(nameof(Units))]
    public void Cut_TextOfMegabytes_ReadsEveryByteAtMostTwice(string unit)
    {
        var limit = new TextLimit(Enum.Parse<TextUnit>(unit), 10_000, 2_000);
        var small = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ab 中😀\n", 10_000)));
        byte[] large = [.. Enumerable.Repeat(small, 16).SelectMany(b => b)];

        // A window reads what it covers and nothing else: windows end in their last eighth and share a fifth of the limit.
        Assert.That(TextCutter.Cut(large, limit).Sum(w => (long)w.Length), Is.LessThan(2L * large.Length));
    }

    [Test]
    public void Cut_EmptyText_HasNoWindow() => Assert.That(TextCutter.Cut([], new TextLimit(TextUnit.Bytes, 64, 0)), Is.Empty);

    [TestCase(63, 0)]
    [TestCase(64, -1)]
    [TestCase(64, 17)]
    public void Limit_OutOfRange_Throws(int max, int overlap) =>
        Assert.That(() => new TextLimit(TextUnit.Bytes, max, overlap), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [FsCheck.NUnit.Property(MaxTest = 400, Replay = "(47,7)")]
    public Property Cut_AnyText_KeepsTheLimitCoversAllAndCutsNothingWithinTheOverlap() => Prop.ForAll(
        Gen.Zip(
            Gen.Elements(Alphabet).ListOf().Select(parts => string.Concat(parts.SelectMany(p => Enumerable.Repeat(p, 7)))),
            Gen.Zip(Gen.Elements(Enum.GetValues<TextUnit>()), Gen.Choose(0, 16))).ToArbitrary(),
        sample =>
        {
            var (text, (unit, overlap)) = sample;
            var utf8 = Encoding.UTF8.GetBytes(text);
            var limit = new TextLimit(unit, 64, overlap);
            var windows = TextCutter.Cut(utf8, limit);
            return Covers(utf8, windows) && KeepsLimit(utf8, windows, limit) && CutsNoCodePoint(utf8, windows) && SharesOverlap(utf8, windows, limit);
        });

    private static bool Covers(byte[] utf8, List<TextSpan> windows) =>
        utf8.Length == 0
            ? windows.Count == 0
            : windows[0].Start == 0 && windows[^1].End == utf8.Length
                && windows.Zip(windows.Skip(1)).All(p => p.Second.Start <= p.First.End && p.Second.End > p.First.End);

    // Counted naively: over the decoded text, not byte by byte.
    private static bool KeepsLimit(byte[] utf8, List<TextSpan> windows, TextLimit limit) =>
        windows.All(w => Naive(limit.Unit, Encoding.UTF8.GetString(utf8, w.Start, w.Length)) <= limit.Max);

    private static bool CutsNoCodePoint(byte[] utf8, List<TextSpan> windows) =>
        windows.All(w => (utf8[w.Start] & 0xC0) != 0x80 && (w.End == utf8.Length || (utf8[w.End] & 0xC0) != 0x80));

    private static bool SharesOverlap(byte[] utf8, List<TextSpan> windows, TextLimit limit) =>
        windows.Zip(windows.Skip(1)).All(p =>
            Naive(limit.Unit, Encoding.UTF8.GetString(utf8, p.Second.Start, p.First.End - p.Second.Start)) >= limit.Overlap);

    private static int Naive(TextUnit unit, string text) => unit switch
    {
        TextUnit.Bytes => Encoding.UTF8.GetByteCount(text),
        TextUnit.CodePoints => text.EnumerateRunes().Count(),
        TextUnit.Utf16 => text.Length,
        _ => text.EnumerateRunes().Sum(r => r.Value < 0x80 ? 1 : 2 * r.Utf8SequenceLength),
    };
}
