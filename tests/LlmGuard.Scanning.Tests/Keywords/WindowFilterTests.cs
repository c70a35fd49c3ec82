using System.Text;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Keywords;

/// <summary>
/// The filter of keywords never says "no" wrongly, for any number of keywords, place and vectors, and seldom says "perhaps" where none is.
/// </summary>
[NonParallelizable]
public sealed class WindowFilterTests
{
    private static readonly SimdLevel[] Levels = [SimdLevel.Scalar, SimdLevel.Bits128, SimdLevel.Bits256];

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits256;

    [TestCase(1)]
    [TestCase(8)]
    [TestCase(90)]
    [TestCase(399)]
    [TestCase(5000)]
    public void Next_AnyText_StopsAtEveryWindow(int count)
    {
        var random = new Random(count);
        uint[] windows = [.. Enumerable.Range(0, count).Select(_ => WindowFilter.At(Word(random, 4))).Distinct()];
        var filter = new WindowFilter(windows);
        for (var i = 0; i < 60; i++)
        {
            var text = Word(random, random.Next(150));
            for (var put = 0; put < 3 && text.Length >= 4; put++)
            {
                BitConverter.GetBytes(windows[random.Next(windows.Length)]).CopyTo(text, random.Next(text.Length - 3));
            }

            int[] expected = [.. Enumerable.Range(0, Math.Max(0, text.Length - 3)).Where(at => windows.Contains(WindowFilter.At(text.AsSpan(at))))];
            foreach (var level in Levels)
            {
                Simd.Level = level;
                var upper = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(text).ToUpperInvariant());
                Assert.That(Stops(filter, text), Is.SupersetOf(expected));
                Assert.That(Stops(filter, upper), Is.SupersetOf(expected));
            }
        }
    }

    [Test]
    public void Next_TextWithoutAWindow_SeldomStops()
    {
        var random = new Random(5);
        var filter = new WindowFilter([.. Enumerable.Range(0, 100).Select(_ => WindowFilter.At(Word(random, 4))).Distinct()]);
        Assert.That(Stops(filter, Word(random, 20_000)), Has.Count.LessThan(300));
    }

    [TestCase(0)]
    [TestCase(3)]
    public void Next_TextShorterThanAWindow_StopsNowhere(int length) =>
        Assert.That(Stops(new WindowFilter([WindowFilter.At("abcd"u8)]), new byte[length]), Is.Empty);

    [TestCase(8)]
    [TestCase(16)]
    public void Spread_Windows_EveryOneIsInABucketAndMoreBucketsLetLessThrough(int count)
    {
        var random = new Random(9);
        uint[] windows = [.. Enumerable.Range(0, 120).Select(_ => WindowFilter.At(Word(random, 4))).Distinct()];
        var buckets = new RowBuckets(windows.Select(WindowFilter.RowOf), count);
        var sets = Enumerable.Range(0, count / NibbleTables.Buckets).Select(half => buckets.Sets(half * NibbleTables.Buckets)).ToArray();
        foreach (var window in windows)
        {
            Assert.That(sets.Any(s =>
                Enumerable.Range(0, 4).Aggregate(0xFF, (found, place) => found & s[place][(byte)(window >> (place * 8))]) != 0));
        }

        Assert.That(buckets.Frequency, Is.LessThan(new RowBuckets(windows.Select(WindowFilter.RowOf), count / 2).Frequency));
    }

    private static List<int> Stops(WindowFilter filter, ReadOnlySpan<byte> text)
    {
        var stops = new List<int>();
        for (var at = filter.Next(text, 0); at <= text.Length - 4; at = filter.Next(text, at + 1))
        {
            stops.Add(at);
        }

        return stops;
    }

    private static byte[] Word(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => (byte)('a' + random.Next(26)))];
}
