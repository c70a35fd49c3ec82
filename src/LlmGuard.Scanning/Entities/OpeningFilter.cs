using System.Numerics;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for 16 offsets at once where one of many openings may begin. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Openings are put in eight buckets, one bit each. For every place one table tells by the lower half of a byte and one by the upper half in which
/// buckets it may stand; a shuffle is 16 lookups in such a table, and what all eight agree on is a candidate.
/// </remarks>
internal sealed class OpeningFilter
{
    /// <summary>Offsets judged at once.</summary>
    public const int Width = 16;

    /// <summary>Bytes that must be at hand for it: one before the first offset, and those that the opening at the last offset takes.</summary>
    public const int Reach = 1 + Width + Opening.Length - 1;

    private const int Buckets = 8;

    private readonly Vector128<byte> _lower0, _lower1, _lower2, _lower3, _upper0, _upper1, _upper2, _upper3;

    // All bits where openings may begin at a small letter that follows a letter.
    private readonly Vector128<byte> _withinWords;

    /// <param name="openings">Sets of bytes by group and place.</param>
    /// <param name="withinWords">Whether any may begin at a small letter that follows a letter.</param>
    public OpeningFilter(IEnumerable<bool[][]> openings, bool withinWords)
    {
        _withinWords = withinWords ? Vector128<byte>.AllBitsSet : Vector128<byte>.Zero;
        var buckets = new Halves[Buckets];
        foreach (var opening in openings.Select(Halves.Of).OrderByDescending(halves => halves.Frequency))
        {
            var best = Enumerable.Range(0, Buckets).MinBy(i => buckets[i].With(opening).Frequency - buckets[i].Frequency);
            buckets[best] = buckets[best].With(opening);
        }

        (_lower0, _lower1, _lower2, _lower3) = (Table(buckets, 0, lower: true), Table(buckets, 1, lower: true), Table(buckets, 2, lower: true), Table(buckets, 3, lower: true));
        (_upper0, _upper1, _upper2, _upper3) = (Table(buckets, 0, lower: false), Table(buckets, 1, lower: false), Table(buckets, 2, lower: false), Table(buckets, 3, lower: false));
    }

    /// <summary>Where an opening may begin: one bit for each of 16 offsets.</summary>
    /// <param name="text">The byte before the first offset, and at least as many as make <see cref="Reach"/>.</param>
    public uint Find(ReadOnlySpan<byte> text)
    {
        var first = Vector128.Create(text[1..]);
        var isWithinWord = IsSmallLetter(first) & IsSmallLetter(Vector128.Create(text) | Vector128.Create((byte)0x20));
        var found = Place(first, _lower0, _upper0)
            & Place(Vector128.Create(text[2..]), _lower1, _upper1)
            & Place(Vector128.Create(text[3..]), _lower2, _upper2)
            & Place(Vector128.Create(text[4..]), _lower3, _upper3)
            & (~isWithinWord | _withinWords);
        return ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
    }

    private static Vector128<byte> IsSmallLetter(Vector128<byte> bytes) =>
        Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'a'), Vector128.Create((byte)25));

    private static Vector128<byte> Place(Vector128<byte> bytes, Vector128<byte> lower, Vector128<byte> upper) =>
        Vector128.ShuffleNative(lower, bytes & Vector128.Create((byte)0x0F)) & Vector128.ShuffleNative(upper, bytes >>> 4);

    private static Vector128<byte> Table(Halves[] buckets, int place, bool lower)
    {
        Span<byte> table = stackalloc byte[16];
        for (var half = 0; half < 16; half++)
        {
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                var halves = lower ? buckets[bucket].Lower(place) : buckets[bucket].Upper(place);
                table[half] |= (byte)((halves >> half & 1) << bucket);
            }
        }

        return Vector128.Create<byte>(table);
    }

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
