using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>
/// Tells for 64 bytes at once whether they and the next two may be some of a number of triples. Says "perhaps" too often and "no" never wrongly.
/// Immutable.
/// </summary>
/// <remarks>
/// Triples that are alike share one of eight buckets. For each place a table tells in which of them a byte is (<see cref="ByteBuckets"/>).
/// </remarks>
internal sealed class LetterTables
{
    /// <summary>How many letters are looked at.</summary>
    public const int Letters = 3;

    private const int Buckets = ByteBuckets.Count;
    private const int Alphabet = 26;

    private readonly ByteBuckets _first, _second, _third;

    /// <param name="triples">By place the bytes that may stand there; where there are fewer than three places, any byte may.</param>
    public LetterTables(IEnumerable<byte[][]> triples)
    {
        var tables = new Halves[Letters];
        Array.Fill(tables, new Halves(Vector128<byte>.Zero, Vector128<byte>.Zero));
        foreach (var triple in triples)
        {
            byte[][] places = [.. triple, .. Enumerable.Repeat(Any, Letters - triple.Length)];
            var bucket = Enumerable.Range(0, Buckets).MinBy(b => Passing(tables, b, places) - Passing(tables, b, null));
            for (var place = 0; place < Letters; place++)
            {
                tables[place] = tables[place].With(places[place], bucket);
            }

            IsEmpty = false;
        }

        Share = Enumerable.Range(0, Buckets).Sum(b => Passing(tables, b, null)) / Math.Pow(Alphabet, Letters);
        (_first, _second, _third) = (tables[0].ToBuckets(), tables[1].ToBuckets(), tables[2].ToBuckets());
    }

    /// <summary>Every byte.</summary>
    public static byte[] Any { get; } = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];

    /// <summary>Whether there is no triple.</summary>
    public bool IsEmpty { get; } = true;

    /// <summary>What share of all triples of letters passes, at most.</summary>
    public double Share { get; }

    /// <summary>For each place the buckets that each byte of ASCII is in, as <see cref="ByteBuckets.Ascii"/> has them.</summary>
    public IEnumerable<byte[]> Places => [_first.Ascii, _second.Ascii, _third.Ascii];

    /// <summary>
    /// One bit for each of 64 bytes with which one of the triples may begin; every one where there are no vectors. Two more bytes are loaded. The
    /// widest vectors look into <see cref="Places"/> instead.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find(ref byte here)
    {
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            return Part256(ref here) | ((ulong)Part256(ref Unsafe.Add(ref here, 32)) << 32);
        }

        if (!Vector128.IsHardwareAccelerated || Simd.Level < SimdLevel.Bits128)
        {
            return ulong.MaxValue;
        }

        var found = 0UL;
        for (var part = 0; part < 64; part += 16)
        {
            found |= (ulong)Part128(ref Unsafe.Add(ref here, part)) << part;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Part256(ref byte here) => ~Vector256.Equals(
        _first.Of32(ref here) & _second.Of32(ref Unsafe.Add(ref here, 1)) & _third.Of32(ref Unsafe.Add(ref here, 2)),
        Vector256<byte>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Part128(ref byte here) => ~Vector128.Equals(
        _first.Of16(ref here) & _second.Of16(ref Unsafe.Add(ref here, 1)) & _third.Of16(ref Unsafe.Add(ref here, 2)),
        Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;

    // How many triples of letters a bucket lets pass, with those of another one or without.
    private static double Passing(Halves[] tables, int bucket, byte[][]? more)
    {
        var product = 1.0;
        for (var place = 0; place < Letters; place++)
        {
            product *= (more is null ? tables[place] : tables[place].With(more[place], bucket)).CountLetters(bucket);
        }

        return product;
    }

    private readonly record struct Halves(Vector128<byte> Lower, Vector128<byte> Upper)
    {
        public Halves With(byte[] bytes, int bucket)
        {
            var (lower, upper) = (Lower, Upper);
            foreach (var value in bytes)
            {
                lower = lower.WithElement(value & 0xF, (byte)(lower[value & 0xF] | (1 << bucket)));
                upper = upper.WithElement(value >> 4, (byte)(upper[value >> 4] | (1 << bucket)));
            }

            return new Halves(lower, upper);
        }

        public int CountLetters(int bucket)
        {
            var (lower, upper) = (Bits(Lower, bucket), Bits(Upper, bucket));
            return (((upper >> 6) & 1) != 0 ? BitOperations.PopCount(lower & 0xFFFE) : 0)
                + (((upper >> 7) & 1) != 0 ? BitOperations.PopCount(lower & 0x07FF) : 0);
        }

        public ByteBuckets ToBuckets()
        {
            Span<byte> buckets = stackalloc byte[256];
            for (var value = 0; value < buckets.Length; value++)
            {
                buckets[value] = (byte)(Lower[value & 0xF] & Upper[value >> 4]);
            }

            return new ByteBuckets(buckets);
        }

        private static uint Bits(Vector128<byte> table, int bucket) => (table << (7 - bucket)).ExtractMostSignificantBits();
    }
}
