using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>What is passed over is what folding leaves as it is; and which characters words consist of is what Unicode says.</summary>
[NonParallelizable]
public sealed class PlainRowsTests
{
    [Test]
    public void EndOf_EveryCharacter_PassesThoseThatStay([Values] bool keepsCase)
    {
        Func<int, int> find = keepsCase ? CasedFold.Find : FoldTable.Find;
        var rows = new PlainRows(find);
        var passed = 0;
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (Rune.IsValid(value))
            {
                var isPlain = value is >= 0x800 and < 0x10000 && value != CodePoint.Replacement && find(value) == value;
                byte[] text = [(byte)'x', .. Encoding.UTF8.GetBytes(char.ConvertFromUtf32(value)), (byte)'x'];
                if (rows.EndOf(text, 1) != (isPlain ? 4 : 1))
                {
                    Assert.Fail($"U+{value:X4}");
                }

                passed += isPlain ? 1 : 0;
            }
        }

        Assert.That(passed, Is.GreaterThan(40_000));
    }

    [Test]
    public void EndOf_RowsByVectors_EndWhereThoseOneByOneDo([Values] bool keepsCase)
    {
        Func<int, int> find = keepsCase ? CasedFold.Find : FoldTable.Find;
        var rows = new PlainRows(find);
        var longest = 0;
        for (var seed = 0; seed < 100_000; seed++)
        {
            var random = new Random(seed);
            byte[] text = [.. Enumerable.Range(0, random.Next(1, 120)).SelectMany(_ => Next(random))];
            Simd.Level = SimdLevel.Scalar;
            var expected = rows.EndOf(text, 0);
            Simd.Level = SimdLevel.Bits512;
            Assert.That(rows.EndOf(text, 0), Is.EqualTo(expected), () => $"{seed}: {Encoding.UTF8.GetString(text)}");
            longest = Math.Max(longest, expected);
        }

        Assert.That(longest, Is.GreaterThan(200));
    }

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    // Mostly kana and Chinese characters; what is plain and what is not stands in the same sixty-four; bytes that are no character.
    private static byte[] Next(Random random) => random.Next(150) switch
    {
        0 => [0xE4, 0xB8],
        1 => [(byte)random.Next(0x80, 0x100)],
        2 => "x"u8.ToArray(),
        3 => Encoding.UTF8.GetBytes(((char)random.Next(0x3000, 0x3200)).ToString()),
        4 => Encoding.UTF8.GetBytes(((char)random.Next(0x800, 0xD800)).ToString()),
        5 => Encoding.UTF8.GetBytes(((char)random.Next(0xE000, 0x10000)).ToString()),
        < 90 => Encoding.UTF8.GetBytes(((char)random.Next(0x3041, 0x3097)).ToString()),
        _ => Encoding.UTF8.GetBytes(((char)random.Next(0x4E00, 0xA000)).ToString()),
    };

    [Test]
    public void EndOf_IllFormed_PassesNothing()
    {
        var rows = new PlainRows(CasedFold.Find);
        foreach (var text in new byte[][] { [0xE4, 0xB8, 0x41, 0x41], [0xE4, 0x41, 0x80, 0x41], [0xED, 0xA0, 0x80, 0x41], [0xE0, 0x80, 0x80, 0x41], [0xE4, 0xB8] })
        {
            Assert.That(rows.EndOf(text, 0), Is.Zero, Convert.ToHexString(text));
        }
    }

    [Test]
    public void Contains_EveryCharacter_IsWhatItsCategorySays()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (Rune.IsValid(value))
            {
                var category = Rune.GetUnicodeCategory(new Rune(value));
                if (WordCharacters.Contains(value) != (category <= System.Globalization.UnicodeCategory.OtherNumber))
                {
                    Assert.Fail($"U+{value:X4}");
                }
            }
        }
    }
}
