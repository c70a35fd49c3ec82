using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Words are seen wherever they stand, by vectors as byte by byte.</summary>
[NonParallelizable]
public sealed class WordHintsTests
{
    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void In_GeneratedTexts_SeesEveryWordAndTheSameByAllMeans()
    {
        var seen = 0;
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            string[] words = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => Word(random))];
            var hints = new WordHints(words);
            var text = string.Concat(Enumerable.Range(0, 64).Select(_ => random.Next(4) > 0 ? words[random.Next(words.Length)] : " \u00E9_7"))[..64];
            var bytes = Encoding.Latin1.GetBytes(random.Next(2) == 0 ? text : text.ToUpperInvariant());
            Simd.Level = SimdLevel.Scalar;
            var expected = hints.In(ref bytes[0], ulong.MaxValue);
            foreach (var level in Enum.GetValues<SimdLevel>())
            {
                Simd.Level = level;
                var all = hints.In(ref bytes[0], ulong.MaxValue);
                Assert.That(all, Is.EqualTo(expected), $"{level}: {text}");
                Assert.That(hints.In(ref bytes[0], 0xF0F0), Is.EqualTo(expected & 0xF0F0), $"{level}: {text}");
                for (var at = 0; at < 64; at++)
                {
                    var begins = words.Any(word => string.CompareOrdinal(text, at, word, 0, word.Length) == 0);
                    Assert.That(!begins || (all >> at & 1) != 0, $"{level}: {at} in {text}");
                    Assert.That(!begins || (hints.In(ref bytes[0], 1UL << at) >> at & 1) != 0, $"{level}: {at} alone in {text}");
                    seen += begins ? 0 : (int)(~all >> at & 1);
                }
            }
        }

        Assert.That(seen, Is.GreaterThan(2000), "It passes over something.");
    }

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => "abcdefgh.-"[random.Next(10)]));
}
