namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Spreads openings over the buckets of <see cref="WideOpeningTables"/>.</summary>
internal sealed class WideOpeningBuckets
{
    /// <summary>Buckets of one set of tables: one bit each.</summary>
    private const int Buckets = 8;

    private const int ByteSets = WideOpeningTables.ByteSets;

    private const int PairSets = WideOpeningTables.PairSets;

    // How much more often openings may be met together than one by one.
    private const double MostMerged = 1.5;

    private const int Places = WideOpeningTables.Places;

    private const int PairPlaces = WideOpeningTables.Pairs;

    private static readonly UInt128 Digits = RowOpenings.Ascii(AsciiByte.IsDigit);

    private static readonly SetShares PairShares = new([.. Enumerable.Range(0, PairCodes.Count).Select(PairCodes.Frequency)]);

    public WideOpeningBuckets(IReadOnlyList<(OpeningSets Sets, ulong Runs)> openings)
    {
        (Bytes, Pairs) = (Tables(ByteSets * Places), Tables(PairSets * PairPlaces));
        SetBucket[] buckets =
        [
            .. Enumerable.Range(0, (ByteSets + PairSets) * Buckets)
                .Select(static number => IsOfBytes(number) ? new SetBucket(Places, SetShares.OfBytes) : new SetBucket(PairPlaces, PairShares)),
        ];
        OpeningSets[] others = [.. openings.Where(static o => !RowOpenings.IsAny(o)).Select(static o => o.Sets)];
        OfDigits = SpreadDigits([.. openings.Select(static o => o.Sets).Where(static sets => sets.Begins(isDigit: true))]);
        (UInt128[] OfBytes, UInt128[] OfPairs, bool IsWord)[] shapes =
        [
            .. Merge([.. others.Select(static sets => (OfBytes: BytesOf(sets), OfPairs: PairsOf(sets), IsWord: OpeningWords.IsOne(sets)))])
                .Where(static shape => shape.OfBytes[1] != UInt128.Zero)
                .OrderByDescending(static shape => Math.Min(SetShares.OfBytes.Product(shape.OfBytes), PairShares.Product(shape.OfPairs))),
        ];

        // Letters do not follow each other by chance as signs do: byte by byte a word is like too many others.
        var numbers = SetBucket.Spread(buckets, shapes.Length, (shape, bucket) =>
            !IsOfBytes(bucket) ? shapes[shape].OfPairs : shapes[shape].IsWord ? null : shapes[shape].OfBytes);
        for (var number = 0; number < buckets.Length; number++)
        {
            var set = number / Buckets;
            var tables = IsOfBytes(number) ? Bytes.AsSpan(set * Places, Places) : Pairs.AsSpan((set - ByteSets) * PairPlaces, PairPlaces);
            Fill(tables, buckets[number], number % Buckets);
        }

        for (var shape = 0; shape < shapes.Length; shape++)
        {
            if (!IsOfBytes(numbers[shape]))
            {
                Fill(Firsts[(numbers[shape] / Buckets) - ByteSets], shapes[shape].OfBytes[1], numbers[shape] % Buckets);
            }
        }
    }

    /// <summary>For the byte before and each of the first places the buckets in which each byte may stand there; then the same for as many other
    /// buckets.</summary>
    public byte[][] Bytes { get; }

    /// <summary>For each of the first places of what begins with a digit the buckets in which each byte may stand there. Other buckets than those of
    /// the rest.</summary>
    public byte[][] OfDigits { get; }

    /// <summary>The buckets that look at pairs in which something begins with each byte, for each set of tables.</summary>
    public byte[][] Firsts { get; } = Tables(PairSets);

    /// <summary>For each of the first pairs the buckets in which each hash may stand there; then the same for as many other buckets.</summary>
    public byte[][] Pairs { get; }

    private static bool IsOfBytes(int bucket) => bucket < ByteSets * Buckets;

    // What begins alike and together is hardly met more often than one by one is one opening to a filter: the fewer, the better they are spread.
    private static IEnumerable<(UInt128[] OfBytes, UInt128[] OfPairs,
        bool IsWord)> Merge((UInt128[] OfBytes, UInt128[] OfPairs, bool IsWord)[] shapes)
    {
        foreach (var alike in shapes.Where(static shape => !shape.IsWord).GroupBy(static shape => (shape.OfBytes[0], shape.OfBytes[1])))
        {
            var (bytes, pairs) = (Union(alike.Select(static shape => shape.OfBytes)), Union(alike.Select(static shape => shape.OfPairs)));
            if (SetShares.OfBytes.Product(bytes) <= MostMerged * alike.Sum(static shape => SetShares.OfBytes.Product(shape.OfBytes)))
            {
                yield return (bytes, pairs, false);
                continue;
            }

            foreach (var shape in alike)
            {
                yield return shape;
            }
        }

        foreach (var word in shapes.Where(static shape => shape.IsWord))
        {
            yield return word;
        }
    }

    private static UInt128[] Union(IEnumerable<UInt128[]> all) => all.Aggregate(static (union, sets) => [.. union.Zip(sets, static (a, b) => a | b)]);

    private static byte[][] SpreadDigits(OpeningSets[] openings)
    {
        var shapes = openings.Select(static sets => DigitsOf(sets)).OrderByDescending(static shape => SetShares.OfBytes.Product(shape)).ToArray();
        SetBucket[] buckets = [.. Enumerable.Range(0, Buckets).Select(static _ => new SetBucket(WideOpeningTables.DigitPlaces, SetShares.OfBytes))];
        SetBucket.Spread(buckets, shapes.Length, (shape, _) => shapes[shape]);
        var tables = Tables(WideOpeningTables.DigitPlaces);
        for (var number = 0; number < Buckets; number++)
        {
            Fill(tables, buckets[number], number);
        }

        return tables;
    }

    private static UInt128[] DigitsOf(OpeningSets sets) =>
        [sets.AsciiAt(0) & Digits, .. Enumerable.Range(1, WideOpeningTables.DigitPlaces - 1).Select(sets.AsciiAt)];

    private static byte[][] Tables(int count) => [.. Enumerable.Range(0, count).Select(static _ => new byte[PairCodes.Count])];

    private static void Fill(ReadOnlySpan<byte[]> tables, SetBucket bucket, int number)
    {
        for (var place = 0; place < tables.Length; place++)
        {
            Fill(tables[place], bucket.Sets[place], number);
        }
    }

    private static void Fill(byte[] table, UInt128 set, int number)
    {
        for (var value = 0; value < PairCodes.Count; value++)
        {
            table[value] |= (set >> value & 1) != UInt128.Zero ? (byte)(1 << number) : (byte)0;
        }
    }

    // The byte before the trigger comes first.
    private static UInt128[] BytesOf(OpeningSets sets) =>
        [.. Enumerable.Range(-1, Places).Select(place => Values(sets, place < 0 ? Opening.Length : place))];

    private static UInt128[] PairsOf(OpeningSets sets)
    {
        var hashes = new UInt128[PairPlaces];
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

    // Digits are left out at the first place: what begins with one has tables of its own.
    private static UInt128 Values(OpeningSets sets, int place) => place == 0 ? sets.AsciiAt(0) & ~Digits : sets.AsciiAt(place);
}
