using System.Numerics;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities;

/// <summary>Spreads openings over the buckets of <see cref="WideOpeningTables"/>: from the most frequent to the rarest each goes where it adds
/// least to what is let through.</summary>
internal sealed class WideOpeningBuckets
{
    private const int Buckets = 8;
    private const int Rounds = 2;
    private const int Places = WideOpeningTables.Places;

    private static readonly UInt128 Digits = Set(AsciiByte.IsDigit);

    private static readonly UInt128 Alphanumerics = Set(AsciiByte.IsAlphanumeric);

    private static readonly UInt128 CapitalsAndDigits = Set(static b => AsciiByte.IsUpper(b) || AsciiByte.IsDigit(b));

    private static readonly double[] ByteShares = Shares();

    private static readonly double[] PairShares = [.. Enumerable.Range(0, PairCodes.Count).Select(PairCodes.Frequency)];

    public WideOpeningBuckets(IReadOnlyList<(OpeningSets Sets, ulong Runs)> openings)
    {
        (Bytes, Pairs) = ([.. Enumerable.Range(0, Places).Select(static _ => new byte[PairCodes.Count])], [.. Enumerable.Range(0, PairCodes.Pairs).Select(static _ => new byte[PairCodes.Count])]);
        Bucket[] buckets = [.. Enumerable.Range(0, 2 * Buckets).Select(static number => new Bucket(number < Buckets ? Places : PairCodes.Pairs, number < Buckets ? ByteShares : PairShares))];
        OpeningSets[] others = [.. openings.Where(static o => !HasDigitAfterLetter(o.Sets) && !IsCapitals(o.Sets) && !IsLong(o)).Select(static o => o.Sets)];
        (AnyDigitAfterLetter, AnyCapitals, AnyLong) = (openings.Any(static o => HasDigitAfterLetter(o.Sets)), openings.Any(static o => IsCapitals(o.Sets)), openings.Any(IsLong));
        var shapes = others.Select(static sets => (OfBytes: BytesOf(sets), OfPairs: PairsOf(sets)))
            .Where(static shape => shape.OfBytes[1] != UInt128.Zero)
            .OrderByDescending(static shape => Math.Min(Bucket.Share(shape.OfBytes, ByteShares), Bucket.Share(shape.OfPairs, PairShares)));
        Spread(buckets, [.. shapes]);
        for (var number = 0; number < buckets.Length; number++)
        {
            Fill(number < Buckets ? Bytes : Pairs, buckets[number], number % Buckets);
        }
    }

    /// <summary>Whether any begins with a letter, and one of the bytes that an opening looks at after it is a digit. These are in no
    /// bucket.</summary>
    public bool AnyDigitAfterLetter { get; }

    /// <summary>Whether any begins with <see cref="WideOpeningTables.Capitals"/> capitals or digits. These are in no bucket either.</summary>
    public bool AnyCapitals { get; }

    /// <summary>Whether any begins a row of at least <see cref="WideOpeningTables.LongRow"/> letters and digits. These are in no bucket
    /// either.</summary>
    public bool AnyLong { get; }

    /// <summary>For the byte before and each of the first places the buckets in which each byte may stand there.</summary>
    public byte[][] Bytes { get; }

    /// <summary>For each of the first pairs the buckets in which each hash may stand there.</summary>
    public byte[][] Pairs { get; }

    // Then each is taken out again and goes where it adds least now, because the many rare ones that came last found only the places that were left.
    private static void Spread(Bucket[] buckets, (UInt128[] OfBytes, UInt128[] OfPairs)[] shapes)
    {
        var numbers = new int[shapes.Length];
        Array.Fill(numbers, -1);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < shapes.Length; i++)
            {
                if (numbers[i] >= 0)
                {
                    TakeOut(i);
                }

                var (best, least) = (0, double.MaxValue);
                for (var number = 0; number < buckets.Length; number++)
                {
                    var added = buckets[number].Added(Sets(i, number));
                    (best, least) = added < least ? (number, added) : (best, least);
                }

                buckets[best].Add(Sets(i, best));
                numbers[i] = best;
            }
        }

        UInt128[] Sets(int shape, int bucket) => bucket < Buckets ? shapes[shape].OfBytes : shapes[shape].OfPairs;

        void TakeOut(int shape)
        {
            var bucket = numbers[shape];
            numbers[shape] = -1;
            buckets[bucket].Clear();
            for (var other = 0; other < shapes.Length; other++)
            {
                if (numbers[other] == bucket)
                {
                    buckets[bucket].Add(Sets(other, bucket));
                }
            }
        }
    }

    private static void Fill(byte[][] tables, Bucket bucket, int number)
    {
        for (var place = 0; place < tables.Length; place++)
        {
            for (var value = 0; value < PairCodes.Count; value++)
            {
                tables[place][value] |= (bucket.Sets[place] >> value & 1) != UInt128.Zero ? (byte)(1 << number) : (byte)0;
            }
        }
    }

    // The byte before the trigger comes first.
    private static UInt128[] BytesOf(OpeningSets sets) => [.. Enumerable.Range(-1, Places).Select(place => Values(sets, place < 0 ? Opening.Length : place))];

    private static bool HasDigitAfterLetter(OpeningSets sets) =>
        sets.IsOnly(0, Alphanumerics) && Enumerable.Range(1, Opening.Length - 1).Any(place => sets.IsOnly(place, Digits));

    private static bool IsCapitals(OpeningSets sets) =>
        Enumerable.Range(0, WideOpeningTables.Capitals).All(place => sets.IsOnly(place, CapitalsAndDigits));

    private static bool IsLong((OpeningSets Sets, ulong Runs) opening) =>
        (opening.Runs & ((1UL << WideOpeningTables.LongRow) - 1)) == 0 && opening.Sets.IsOnly(0, Alphanumerics);

    private static UInt128[] PairsOf(OpeningSets sets)
    {
        var hashes = new UInt128[PairCodes.Pairs];
        for (var pair = 0; pair < hashes.Length; pair++)
        {
            var second = Values(sets, (2 * pair) + 1);
            for (var first = Values(sets, 2 * pair); first != UInt128.Zero && hashes[pair] != UInt128.MaxValue; first &= first - 1)
            {
                var value = (int)UInt128.TrailingZeroCount(first);
                for (var rest = second; rest != UInt128.Zero; rest &= rest - 1)
                {
                    hashes[pair] |= UInt128.One << PairCodes.Of(value, (int)UInt128.TrailingZeroCount(rest));
                }
            }
        }

        return hashes;
    }

    // Digits are left out at the first place: what begins with one is a candidate anyway.
    private static UInt128 Values(OpeningSets sets, int place) => place == 0 ? sets.LowerAt(0) & ~Digits : sets.LowerAt(place);

    private static UInt128 Set(Func<int, bool> kind) =>
        Enumerable.Range(0, PairCodes.Count).Where(kind).Aggregate(UInt128.Zero, static (set, value) => set | (UInt128.One << value));

    private static double[] Shares()
    {
        double[] frequencies = [.. Enumerable.Range(0, PairCodes.Count).Select(static value => (double)Frequency(value))];
        var total = frequencies.Sum();
        return [.. frequencies.Select(frequency => frequency / total)];
    }

    // Signs are met far more often in programs than in prose.
    private static int Frequency(int value)
    {
        var frequency = ByteRarity.Frequency((byte)value);
        return value < ' ' || AsciiByte.IsAlphanumeric(value) ? frequency : Math.Max(frequency, 120);
    }

    private sealed class Bucket(int places, double[] shares)
    {
        private readonly double[] _sums = new double[places];

        /// <summary>What it takes at each place.</summary>
        public UInt128[] Sets { get; } = new UInt128[places];

        /// <summary>How often some sets may be expected to fit.</summary>
        public static double Share(UInt128[] sets, double[] shares) => sets.Aggregate(1.0, (product, set) => product * Sum(set, shares));

        /// <summary>How much more often it would let something through.</summary>
        public double Added(UInt128[] sets)
        {
            var (now, then) = (1.0, 1.0);
            for (var place = 0; place < sets.Length; place++)
            {
                now *= _sums[place];
                then *= _sums[place] + Sum(sets[place] & ~Sets[place], shares);
            }

            return then - now;
        }

        public void Clear()
        {
            Array.Clear(Sets);
            Array.Clear(_sums);
        }

        public void Add(UInt128[] sets)
        {
            for (var place = 0; place < sets.Length; place++)
            {
                _sums[place] += Sum(sets[place] & ~Sets[place], shares);
                Sets[place] |= sets[place];
            }
        }

        private static double Sum(UInt128 set, double[] shares)
        {
            var sum = 0.0;
            for (var lower = (ulong)set; lower != 0; lower &= lower - 1)
            {
                sum += shares[BitOperations.TrailingZeroCount(lower)];
            }

            for (var upper = (ulong)(set >> 64); upper != 0; upper &= upper - 1)
            {
                sum += shares[64 + BitOperations.TrailingZeroCount(upper)];
            }

            return sum;
        }
    }
}
