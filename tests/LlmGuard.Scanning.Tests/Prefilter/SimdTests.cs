using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Scanning.Tests.Entities;
using LlmGuard.Scanning.Tests.Views;
using LlmGuard.Scanning.Views;
using LlmGuard.Tests;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Scanning.Tests.Prefilter;

/// <summary>Filters say "no" never wrongly, the same whatever vectors there are, and look at nothing outside of the text.</summary>
/// <remarks><see cref="NoIntrinsicsTests"/> runs these again on a machine that says it has no vectors.</remarks>
[NonParallelizable]
public sealed class SimdTests
{
    private static readonly SimdLevel[] Levels = [SimdLevel.Scalar, SimdLevel.Bits128, SimdLevel.Bits256, SimdLevel.Bits512];

    private static readonly int Texts = FuzzBudget.Of(400);

    private static readonly string[] Pieces =
    [
        .. EntityCatalog.Ids.SelectMany(Samples.Of), "confidential", "c0nfid3ntial", "s e c r e t", "top secret", "Nightjar", "ab",
            "aGVsbG8gd29ybGQgYWdhaW4", "3533362d32322d38373134",
        "the words of a sentence", " ", " ", ".", "\n", "\u00E9", "\u200B", "\u4FE1", "%40", "PRJ-1234", "begin", "end", "a", "7", "-",
    ];

    private static readonly ScanPlan Plan = new(
    [
        new ScanRule.Pattern(PatternProgram.Compile("(?i)begin(?s:.{0,20}?)end|PRJ-[0-9]{4}")),
        new ScanRule.Pattern(PatternProgram.Compile("[a-z]+[0-9]{2,3}x?")),
        .. new[] { "confidential", "secret", "top secret", "ab" }.Select(w => new ScanRule.Keyword(new KeywordRule(w, KeywordView.Folded, 0))),
        new ScanRule.Keyword(new KeywordRule("Nightjar", KeywordView.Exact, 1)),
        .. EntityCatalog.Ids.Select(id => new ScanRule.Entity(EntityCatalog.Find(id)!)),
    ]);

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Scan_AnyText_IsTheSameWithAllVectors()
    {
        var random = new Random(41);
        for (var i = 0; i < Texts; i++)
        {
            var text = Text(random, 1 + random.Next(30));
            var results = Levels.Select(level => Scan(level, text)).ToArray();
            Assert.That(results.Skip(1), Is.All.EqualTo(results[0]), () => Encoding.UTF8.GetString(text));
        }
    }

    [Test]
    public void ByteFilter_AnyRows_StopsWhereOneStandsAndNowhereElse()
    {
        var random = new Random(43);
        for (var i = 0; i < Texts; i++)
        {
            var length = 4 + random.Next(5);
            bool[][][] rows = [.. Enumerable.Range(0, 1 + random.Next(ByteFilter.MaxRows)).Select(_ => Row(random, length))];
            var filter = new ByteFilter(rows);
            var text = Bytes(random, random.Next(150), 12);
            int[] expected =
                [.. Enumerable.Range(0, text.Length).Where(at => at > text.Length - length
                || rows.Any(row => Enumerable.Range(0, length).All(p => row[p][text[at + p]])))];
            foreach (var level in Levels)
            {
                Simd.Level = level;
                var stops = new List<int>();
                for (var at = filter.Next(text, 0); at < text.Length; at = filter.Next(text, at + 1))
                {
                    stops.Add(at);
                }

                Assert.That(stops, Is.EqualTo(expected));
            }
        }
    }

    [Test]
    public void KeywordTrie_AnyKeywords_FindsWhatComparingFinds([Values(3, 40, 1000)] int count)
    {
        var random = new Random(count);
        byte[][] keywords = [.. Enumerable.Range(0, count).Select(_ => Bytes(random, 1 + random.Next(12), 6))];
        var trie = new KeywordTrie(keywords.Select((k, i) => (k, i)), LeetLetters.AnyCase);
        for (var i = 0; i < Math.Max(10, Texts / 10); i++)
        {
            var text = Bytes(random, random.Next(200), 6);
            foreach (var at in Enumerable.Range(0, text.Length / 2))
            {
                text[at * 2] = (byte)char.ToUpperInvariant((char)text[at * 2]);
            }

            var lower = text.Select(b => LeetLetters.AnyCase[b]).ToArray();
            int[] expected = [.. Enumerable.Range(0, text.Length).Where(at => keywords.Any(k => lower.AsSpan(at).StartsWith(k)))];
            foreach (var level in Levels)
            {
                Simd.Level = level;
                var (starts, steps) = (new List<int>(), 0L);
                trie.FindStarts(text, starts, ref steps);
                Assert.That(starts.Distinct().Where(s => trie.LongestAt(text, s, out _, ref steps, out _) > 0).Order(), Is.EqualTo(expected));
            }
        }
    }

    [Test]
    public void EncodedRuns_AnyText_FindsTheFirstLongRow()
    {
        var random = new Random(47);
        for (var i = 0; i < Texts; i++)
        {
            var text =
                Encoding.ASCII.GetBytes(
                string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(4) == 0 ? " " : new string('a', 1 + random.Next(13)))));
            var expected = Enumerable.Range(0, text.Length).FirstOrDefault(
                at => text[at] != ' ' && (at == 0 || text[at - 1] == ' ') && EncodedRuns.Length(text.AsSpan(at)) is var n
                    && (n >= EncodedRuns.Shortest || at + n == text.Length), text.Length);
            foreach (var level in Levels)
            {
                Simd.Level = level;
                Assert.That(EncodedRuns.Find(text, 0), Is.EqualTo(expected));
            }
        }
    }

    [Test]
    public void EncodedRuns_EveryByte_IsOneOfARowForAllVectors()
    {
        for (var value = 0; value < 256; value++)
        {
            var text = Enumerable.Repeat((byte)' ', 200).ToArray();
            text.AsSpan(90, EncodedRuns.Shortest).Fill((byte)value);
            foreach (var level in Levels)
            {
                Simd.Level = level;
                Assert.That(EncodedRuns.Find(text, 0), Is.EqualTo(EncodedRuns.IsOne((byte)value) ? 90 : text.Length), $"{value}");
            }
        }
    }

    [Test]
    public void EscapeSigns_EveryTwoBytes_EndPlainTextAtTheSameByte([Values(3, 63, 64, 100, 148)] int at)
    {
        var text = Enumerable.Repeat((byte)'a', 150).ToArray();
        for (var pair = 0; pair <= ushort.MaxValue; pair++)
        {
            (text[at], text[at + 1]) = ((byte)(pair >> 8), (byte)pair);
            Simd.Level = SimdLevel.Scalar;
            var expected = EscapeSigns.LengthOfPlain(text);
            foreach (var level in Levels)
            {
                Simd.Level = level;
                if (EscapeSigns.LengthOfPlain(text) != expected)
                {
                    Assert.Fail($"{pair:X4} {level}");
                }
            }
        }
    }

    [Test]
    public void EscapeSigns_AnyText_EndPlainTextAtTheSameByte()
    {
        string[] pieces = ["plain words, and more of them. ", "100% of", "a & b", "\\n", "\\\"", "C:\\dir", "%41", "&amp;", "\\u0041", "\\x41", "%",
            "&", "\\", "a", " ", "\t", "\u00E9", "\u007F", "\0"];
        var random = new Random(53);
        for (var i = 0; i < Texts; i++)
        {
            var text =
                Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(random.Next(2) == 0 ? 6 : pieces.Length)])));
            Simd.Level = SimdLevel.Scalar;
            var expected = EscapeSigns.LengthOfPlain(text);
            foreach (var level in Levels)
            {
                Simd.Level = level;
                Assert.That(EscapeSigns.LengthOfPlain(text), Is.EqualTo(expected), () => Encoding.UTF8.GetString(text));
            }
        }
    }

    [Test]
    public void Scan_TextBetweenGuardPages_ReadsNothingElse([Values(0, 1, 2, 3)] int width)
    {
        var level = Levels[width];
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Guard pages are made with mmap and mprotect of Linux.");
        }

        using var guarded = new GuardedBytes();
        var random = new Random(53);
        for (var length = 0; length <= 130; length++)
        {
            for (var variant = 0; variant < 3; variant++)
            {
                var text = Truncate(Text(random, 40), length);
                var expected = Scan(level, text);
                Assert.That(Scan(level, guarded.AtStart(text)), Is.EqualTo(expected));
                Assert.That(Scan(level, guarded.AtEnd(text)), Is.EqualTo(expected));
            }
        }
    }

    private static ScanSpan[] Scan(SimdLevel level, ReadOnlySpan<byte> text)
    {
        Simd.Level = level;
        return [.. Scans.Spans(Plan, text)];
    }

    private static byte[] Text(Random random, int pieces)
    {
        var text = string.Concat(Enumerable.Range(0, pieces).Select(_ => Pieces[random.Next(Pieces.Length)]));
        return Encoding.UTF8.GetBytes(random.Next(8) == 0
            ? Transforms.All[random.Next(Transforms.All.Length)].Apply(text[..Math.Min(60, text.Length)]) : text);
    }

    private static byte[] Truncate(byte[] text, int length)
    {
        length = Math.Min(length, text.Length);
        while (length < text.Length && AsciiByte.IsContinuation(text[length]))
        {
            length--;
        }

        return text[..length];
    }

    private static byte[] Bytes(Random random, int length, int letters) =>
        [.. Enumerable.Range(0, length).Select(_ => (byte)('a' + random.Next(letters)))];

    private static bool[][] Row(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => Enumerable.Range(0, 256).Select(_ => random.Next(3) == 0).ToArray())];
}
