using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities;

/// <summary>Spreads openings over the buckets of two filters, so that they are expected to say "perhaps" as rarely as can be.</summary>
/// <remarks>From the most frequent opening to the rarest, each goes where it adds least to what the buckets are expected to let through.</remarks>
internal sealed class OpeningBuckets
{
    private const int Half = NibbleTables.Places;

    private readonly byte[][] _first = NewTables();
    private readonly byte[][] _last = NewTables();

    public OpeningBuckets(IEnumerable<OpeningSets> openings)
    {
        var (halves, frequencies) = (new ByteHalves[2 * NibbleTables.Buckets], new double[2 * NibbleTables.Buckets]);
        foreach (var (sets, first, last) in openings.Select(s => (s, ByteHalves.Of(s, 0), ByteHalves.Of(s, Half))).OrderByDescending(o => Math.Min(o.Item2.Frequency, o.Item3.Frequency)))
        {
            var (best, least, sum) = (0, double.MaxValue, default(ByteHalves));
            for (var bucket = 0; bucket < halves.Length; bucket++)
            {
                var with = halves[bucket].With(bucket < NibbleTables.Buckets ? first : last);
                var added = with.Frequency - frequencies[bucket];
                (best, least, sum) = added < least ? (bucket, added, with) : (best, least, sum);
            }

            (halves[best], frequencies[best]) = (sum, sum.Frequency);
            var isFirst = best < NibbleTables.Buckets;
            Add(isFirst ? _first : _last, sets, isFirst ? 0 : Half, (byte)(1 << (best % NibbleTables.Buckets)));
        }
    }

    /// <summary>For each of the first places and each byte the buckets it may stand in.</summary>
    public byte[][] First => _first;

    /// <summary>The same for the last places.</summary>
    public byte[][] Last => _last;

    private static void Add(byte[][] tables, OpeningSets sets, int from, byte bucket)
    {
        for (var place = 0; place < Half; place++)
        {
            for (var value = 0; value < 256; value++)
            {
                tables[place][value] |= sets.Takes(from + place, value) ? bucket : (byte)0;
            }
        }
    }

    private static byte[][] NewTables() => [.. Enumerable.Range(0, Half).Select(_ => new byte[256])];
}
