using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Tests;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>The pass over plain text gives the same whatever vectors there are, and looks at nothing outside of the text.</summary>
[NonParallelizable]
public sealed class PlainAsciiTests
{
    private static readonly SimdLevel[] Levels = [SimdLevel.Scalar, SimdLevel.Bits128, SimdLevel.Bits256];

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void CopyLower_EveryByteAtEveryPlace_StopsAtWhatFoldingDoesNotKeep()
    {
        var lower = new byte[70];
        foreach (var level in Levels)
        {
            Simd.Level = level;
            for (var value = 0; value < 256; value++)
            {
                for (var place = 0; place < 70; place += 3)
                {
                    var text = Encoding.ASCII.GetBytes(new string('Q', 70));
                    text[place] = (byte)value;
                    var isKept = value is (>= 0x20 and <= 0x7E) or (>= 9 and <= 13);
                    Array.Clear(lower);
                    var count = PlainAscii.CopyLower(text, lower);
                    Assert.That(lower.AsSpan(count).ContainsAnyExcept((byte)0), Is.False, $"something is left of 0x{value:X2} at {place}, {level}");
                    Assert.That(count, Is.EqualTo(isKept ? 70 : place), $"0x{value:X2} at {place}, {level}");
                    var expected = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(text, 0, count).ToLowerInvariant());
                    Assert.That(lower.AsSpan(0, count).SequenceEqual(expected), $"0x{value:X2} at {place}, {level}");
                }
            }
        }
    }

    [Test]
    public void CopyLower_TextBetweenGuardPages_ReadsNothingElse([Values(0, 1, 2)] int width)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Guard pages are made with mmap and mprotect of Linux.");
        }

        Simd.Level = Levels[width];
        using var guarded = new GuardedBytes();
        var lower = new byte[200];
        for (var length = 0; length <= 200; length++)
        {
            var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length).Select(i => (char)('A' + (i % 50)))));
            Assert.That(PlainAscii.CopyLower(guarded.AtStart(text), lower), Is.EqualTo(length));
            Assert.That(PlainAscii.CopyLower(guarded.AtEnd(text), lower.AsSpan(0, length)), Is.EqualTo(length));
        }
    }

    [Test]
    public void CopyLower_TooShortATarget_IsRefused() =>
        Assert.That(() => PlainAscii.CopyLower("abc"u8, new byte[2]), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Fold_MixedText_IsTheSameWithAllVectors()
    {
        string[] pieces = ["Plain words, and more of them than fill one vector of 64 bytes, with CAPITALS ", "A", "é", "信", "ﬁ", "\u200B", "\n",
            "\u0007", "e\u0301", "😀", "¼"];
        var random = new Random(20264);
        for (var i = 0; i < 300; i++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)])));
            var results = Levels.Select(level => Fold(level, text)).ToArray();
            Assert.That(results.Skip(1), Is.All.EqualTo(results[0]), () => Encoding.UTF8.GetString(text));
        }
    }

    // The folded text, and where each of its bytes comes from.
    private static string Fold(SimdLevel level, byte[] text)
    {
        Simd.Level = level;
        using var folded = FoldedText.Rent();
        TextFolder.Fold(text, folded);
        var result = new StringBuilder(Encoding.UTF8.GetString(folded.Utf8)).Append(folded.IsIdentity);
        for (var i = 0; i < folded.Utf8.Length; i++)
        {
            result.Append(folded.ToOriginal(i, 1));
        }

        return result.ToString();
    }
}
