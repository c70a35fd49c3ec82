using System.Text;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Tests.Views;

/// <summary>What a row of characters may be is what decoding it from every place tells, whatever vectors there are.</summary>
[NonParallelizable]
public sealed class EncodedDigitsTests
{
    private const string Base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    private const string Digits = "0123456789abcdefABCDEF";

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void MayBeText_GeneratedRows_IsWhatDecodingTells([Values] bool hasVectors)
    {
        Simd.Level = hasVectors ? SimdLevel.Bits512 : SimdLevel.Scalar;
        var (base64, hex, neither) = (0, 0, 0);
        for (var seed = 0; seed < 20000; seed++)
        {
            var row = Row(new Random(seed));
            var expected = (IsText(row, 0x00, 2) || IsText(row, 0x80, 3), row.Length >= 16 && HasDigits(row));
            Assert.That(EncodedDigits.MayBeText(row), Is.EqualTo(expected), Encoding.ASCII.GetString(row));
            base64 += expected.Item1 ? 1 : 0;
            hex += expected.Item2 ? 1 : 0;
            neither += expected is (false, false) ? 1 : 0;
        }

        Assert.That(Math.Min(base64, Math.Min(hex, neither)), Is.GreaterThan(500), "rows of one kind prove nothing");
    }

    // Words, base64 of text, digits, and anything.
    private static byte[] Row(Random random)
    {
        var letters = random.Next(4) switch { 0 => Base64, 1 => Digits, 2 => "etaoinshrdlu", _ => "" };
        var text = random.Next(2) == 0 ? "the words of a text" : "\u0442\u0435\u043A\u0441\u0442\u044B";
        var row = letters.Length > 0
            ? string.Concat(Enumerable.Range(0, random.Next(EncodedDigits.LongestJudged + 1)).Select(_ => letters[random.Next(letters.Length)]))
            : Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=');
        return Encoding.ASCII.GetBytes(row[random.Next(Math.Min(5, row.Length + 1))..]);
    }

    // Whether so many groups of four characters in a row are three bytes each, the highest bits of all of which are the same.
    private static bool IsText(byte[] row, int high, int groups) => Enumerable.Range(0, row.Length).Any(from =>
        Enumerable.Range(0, groups).All(group => from + (group * 4) + 4 <= row.Length
            && Decode(row.AsSpan(from + (group * 4), 4)).All(b => (b & 0x80) == high)));

    private static byte[] Decode(ReadOnlySpan<byte> four)
    {
        var bits = 0;
        foreach (var character in four)
        {
            bits = (bits << 6) | EncodedDigits.Value(character, 6);
        }

        return [(byte)(bits >> 16), (byte)(bits >> 8), (byte)bits];
    }

    private static bool HasDigits(byte[] row) =>
        Enumerable.Range(0, row.Length - 15).Any(from => row.Skip(from).Take(16).All(static b => EncodedDigits.Value(b, 4) >= 0));
}
