using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities;

/// <summary>Spreads openings over buckets, so that what a bucket lets through, for any opening in it, is expected to be met as rarely as can be.</summary>
/// <remarks>From the most frequent opening to the rarest, each goes where it adds least.</remarks>
internal static class OpeningBuckets
{
    /// <summary>Offset of the last places that a filter can look at.</summary>
    public const int Last = Opening.Length - NibbleTables.Places;

    /// <summary>For each opening the number of its bucket.</summary>
    /// <param name="openings">The openings.</param>
    /// <param name="count">How many buckets there are.</param>
    /// <param name="looksAtFirst">Whether a bucket looks at the first places.</param>
    /// <param name="looksAtLast">Whether it looks at the last places.</param>
    public static int[] Spread(IReadOnlyList<OpeningSets> openings, int count, Func<int, bool> looksAtFirst, Func<int, bool> looksAtLast)
    {
        var numbers = new int[openings.Count];
        var (first, last, frequencies) = (new ByteHalves[count], new ByteHalves[count], new double[count]);
        var all = openings.Select(static (sets, number) => (First: ByteHalves.Of(sets, 0), Last: ByteHalves.Of(sets, Last), number))
            .OrderByDescending(static o => Math.Min(o.First.Frequency, o.Last.Frequency));
        foreach (var opening in all)
        {
            var least = double.MaxValue;
            var best = 0;
            for (var bucket = 0; bucket < count; bucket++)
            {
                var frequency = (looksAtFirst(bucket) ? first[bucket].With(opening.First).Frequency : 1) * (looksAtLast(bucket) ? last[bucket].With(opening.Last).Frequency : 1);
                if (frequency - frequencies[bucket] < least)
                {
                    (best, least) = (bucket, frequency - frequencies[bucket]);
                }
            }

            (first[best], last[best], numbers[opening.number]) = (first[best].With(opening.First), last[best].With(opening.Last), best);
            frequencies[best] += least;
        }

        return numbers;
    }
}
