using System.Numerics;
using System.Runtime.Intrinsics;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for 16 or 32 offsets at once where one of many openings may begin. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Openings are put in eight buckets, one bit each. For every place one table tells by the lower half of a byte and one by the upper half in which
/// buckets it may stand; a shuffle is 16 lookups in such a table, and what all eight agree on is a candidate.
/// </remarks>
internal sealed class OpeningFilter
{
    /// <summary>Bytes that must be at hand behind an offset for it to be judged.</summary>
    public const int Reach = NibbleTables.Width + Opening.Length;

    private const int Buckets = 8;

    private readonly NibbleTables _tables;
    private readonly bool _withinWords;

    /// <param name="openings">Sets of bytes by group and place.</param>
    /// <param name="withinWords">Whether any may begin at a small letter that follows a letter.</param>
    public OpeningFilter(IEnumerable<bool[][]> openings, bool withinWords)
    {
        _withinWords = withinWords;
        var (frequencies, halves) = (new double[Buckets], new Halves[Buckets]);
        byte[][] buckets = [.. Enumerable.Range(0, Opening.Length).Select(_ => new byte[256])];
        foreach (var (opening, sets) in openings.Select(sets => (Halves.Of(sets), sets)).OrderByDescending(o => o.Item1.Frequency))
        {
            var (best, least) = (0, double.MaxValue);
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                var added = halves[bucket].With(opening).Frequency - frequencies[bucket];
                (best, least) = added < least ? (bucket, added) : (best, least);
            }

            halves[best] = halves[best].With(opening);
            frequencies[best] = halves[best].Frequency;
            for (var place = 0; place < Opening.Length; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    buckets[place][value] |= sets[place][value] ? (byte)(1 << best) : (byte)0;
                }
            }
        }

        _tables = new NibbleTables(buckets);
    }

    /// <summary>Goes on to the next offsets among which an opening may begin, see <see cref="NibbleTables.Next"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at, at least 1.</param>
    /// <param name="judged">How many offsets the result is about.</param>
    /// <returns>One bit for each of the offsets from <paramref name="at"/> on; 0 where there are too few bytes to judge.</returns>
    public uint Next(ReadOnlySpan<byte> text, ref int at, out int judged)
    {
        while (_tables.Next(text, ref at) is not 0 and var perhaps)
        {
            judged = NibbleTables.Judged(text.Length, at);
            perhaps &= _withinWords ? uint.MaxValue : ~WithinWords(text[(at - 1)..], judged);
            if (perhaps != 0)
            {
                return perhaps;
            }

            at += judged;
        }

        judged = 0;
        return 0;
    }

    // Where a small letter follows a letter.
    private static uint WithinWords(ReadOnlySpan<byte> text, int count)
    {
        var mask = WithinWords(text);
        return count == Vector128<byte>.Count ? mask : mask | (WithinWords(text[Vector128<byte>.Count..]) << Vector128<byte>.Count);
    }

    private static uint WithinWords(ReadOnlySpan<byte> text) =>
        (IsSmallLetter(Vector128.Create(text[1..])) & IsSmallLetter(Vector128.Create(text) | Vector128.Create((byte)0x20))).ExtractMostSignificantBits();

    private static Vector128<byte> IsSmallLetter(Vector128<byte> bytes) =>
        Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'a'), Vector128.Create((byte)25));

    /// <summary>Which halves of bytes may stand at the places: 16 bits for each place.</summary>
    private readonly record struct Halves(ulong AllLower, ulong AllUpper)
    {
        // Roughly how often, in percent of text, a byte has some upper half: space and punctuation, digits, letters, what is not ASCII.
        private static readonly double[] UpperShare = [2, 0.5, 22, 5, 3, 2, 38, 22, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7];

        /// <summary>How often they may be expected to be met.</summary>
        public double Frequency
        {
            get
            {
                var product = 1.0;
                for (var place = 0; place < Opening.Length; place++)
                {
                    var share = 0.0;
                    for (var half = 0; half < 16; half++)
                    {
                        share += (Upper(place) >> half & 1) * UpperShare[half];
                    }

                    product *= share / 100 * BitOperations.PopCount(Lower(place)) / 16;
                }

                return product;
            }
        }

        public static Halves Of(bool[][] opening)
        {
            var (lower, upper) = (0UL, 0UL);
            for (var place = 0; place < Opening.Length; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    if (opening[place][value])
                    {
                        lower |= 1UL << (place * 16) << (value & 0xF);
                        upper |= 1UL << (place * 16) << (value >> 4);
                    }
                }
            }

            return new Halves(lower, upper);
        }

        public Halves With(Halves other) => new(AllLower | other.AllLower, AllUpper | other.AllUpper);

        public uint Lower(int place) => (ushort)(AllLower >> (place * 16));

        public uint Upper(int place) => (ushort)(AllUpper >> (place * 16));
    }
}
