using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>A row of letters ends where a word may have to be read as one of its own script, and goes on over those that certainly are not.</summary>
[NonParallelizable]
public sealed class LetterPairsTests
{
    private const string Letters =
        "\u0430\u0435\u043E\u0440\u0441\u0443\u0445\u0456\u0432\u043D\u0436\u044F\u0448\u03BF\u03BD\u03B8\u03C8\u0585\u0561\u0483\u0374";

    [Test]
    public void Read_GeneratedWords_PassesOnlyThoseReadAsLatin()
    {
        var (passed, ended) = (0, 0);
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Next(random))));
            var room = new byte[255 + LetterPairs.Slack];
            var read = LetterPairs.Folded.Read(text, room, 255, isInWord: false, out _, out _);
            for (var at = 0; at < read; at++)
            {
                if (IsAsked(text, at))
                {
                    Assert.That(ScriptWords.Length(text, at, isEnd: false, isForeign: true), Is.Zero, $"{at} in {Encoding.UTF8.GetString(text)}");
                    passed++;
                }
            }

            ended += read < text.Length ? 1 : 0;
        }

        Assert.That((passed, ended), Is.GreaterThan((1000, 1000)));
    }

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Read_LettersByVectors_AreThoseOneByOne([Values] bool keepsCase)
    {
        var letters = keepsCase ? LetterPairs.Cased : LetterPairs.Folded;
        var (folded, rows) = (0, 0);
        for (var seed = 0; seed < 50_000; seed++)
        {
            var random = new Random(seed);
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 160)).Select(_ => NextOfWords(random))));
            text = text[..(text.Length - (random.Next(4) == 0 ? 1 : 0))];
            var (limit, isInWord) = (random.Next(4) == 0 ? random.Next(1, 160) : 255, random.Next(4) == 0);
            var oneByOne = Read(SimdLevel.Scalar, letters, text, limit, isInWord);
            foreach (var level in new[] { SimdLevel.Bits256, SimdLevel.Bits512 })
            {
                Assert.That(Read(level, letters, text, limit, isInWord), Is.EqualTo(oneByOne), $"{level} {seed}: {Encoding.UTF8.GetString(text)}");
            }

            (folded, rows) = (folded + oneByOne.Read, rows + (oneByOne.Read > 128 ? 1 : 0));
        }

        Assert.That((folded, rows), Is.GreaterThan((500_000, 500)));
    }

    [Test]
    public void Read_Row_IsWhatItsCharactersBecome([Values] bool keepsCase, [Values] bool byVectors)
    {
        var (letters, find) = keepsCase ? (LetterPairs.Cased, CasedFold.Find) : (LetterPairs.Folded, (Func<int, int>)FoldTable.Find);
        Simd.Level = byVectors ? SimdLevel.Bits512 : SimdLevel.Scalar;
        var room = new byte[256 + LetterPairs.Slack];
        var withSigns = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => NextOfWords(random))));
            var row = text.AsSpan(0, letters.Read(text, room, 256, isInWord: false, out var written, out var isChanged));
            var expected = string.Concat(Encoding.UTF8.GetString(row).EnumerateRunes().Select(rune => new Rune(find(rune.Value)).ToString()));
            Assert.That(Encoding.UTF8.GetString(room, 0, written), Is.EqualTo(expected), $"{seed}: {Encoding.UTF8.GetString(text)}");
            Assert.That(LetterPairs.OriginalLength(room.AsSpan(0, written)), Is.EqualTo(row.Length));
            Assert.That(isChanged, Is.EqualTo(!row.SequenceEqual(room.AsSpan(0, written))));
            withSigns += expected.Contains(", ") || expected.Contains("42") ? 1 : 0;
        }

        Assert.That(withSigns, Is.GreaterThan(100));
    }

    [TestCase("\u0441\u043B\u043E\u0432\u043E", ExpectedResult = 10, Description = "The second letter is like none of Latin.")]
    [TestCase("\u0440\u0430\u0441\u0440\u0430", ExpectedResult = 10, Description = "Five letters are too many for a word by accident.")]
    [TestCase("\u0440\u0430\u0441\u0440", ExpectedResult = 0, Description = "Four are not.")]
    [TestCase("\u0441 \u0436", ExpectedResult = 0, Description = "A word ends.")]
    public int Read_WordLikeLatin_GoesOnWhereThatIsCertain(string word) =>
        LetterPairs.Folded.Read(Encoding.UTF8.GetBytes(word), new byte[64], 63, isInWord: false, out _, out _);

    private static (int Read, bool IsChanged, string Folded) Read(
        SimdLevel level, LetterPairs letters, byte[] text, int limit, bool isInWord)
    {
        Simd.Level = level;
        var room = new byte[limit + LetterPairs.Slack];
        var read = letters.Read(text, room, limit, isInWord, out var written, out var isChanged);
        Assert.That(room.AsSpan(written).ContainsAnyExcept((byte)0), Is.False, "Nothing is left behind the row.");
        return (read, isChanged, Convert.ToHexString(room.AsSpan(0, written)));
    }

    // Mostly such as vectors fold, half of which look like Latin ones, with spaces between them.
    private static string NextOfWords(Random random) => random.Next(40) switch
    {
        < 5 => " ",
        5 => " .,:-xA1\u0301\u00E9\u4E00"[random.Next(11)].ToString(),
        7 => string.Concat(Enumerable.Range(0, random.Next(2, 7)).Select(_ => " .,42%;"[random.Next(7)])),
        6 => Letters[random.Next(Letters.Length)].ToString(),
        < 20 => ((char)random.Next(0x400, 0x460)).ToString(),
        20 => ((char)random.Next(0x370, 0x580)).ToString(),
        _ => "\u0430\u0435\u043E\u0440\u0441\u0443\u0445\u0410\u0421\u0422"[random.Next(10)].ToString(),
    };

    private static string Next(Random random) =>
        random.Next(6) == 0 ? " .,x\u0301\u00E9"[random.Next(6)].ToString() : Letters[random.Next(Letters.Length)].ToString();

    // Where a word begins with a letter that looks like one of ASCII.
    private static bool IsAsked(byte[] text, int at) => LetterPairs.MayBegin(text[at])
        && FoldTable.Find(CodePoint.Read(text, at, out _)) is >= 'a' and <= 'z'
        && (at == 0 || (text[at - 1] < 0x80 ? !AsciiByte.IsAlphanumeric(text[at - 1])
            : !WordCharacters.Contains(CodePoint.Read(text, at - 2, out _))));
}
