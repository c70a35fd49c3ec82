using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Keywords;

/// <summary>
/// Tells for 64 bytes at once whether they and the next two may be some of a number of triples. Says "perhaps" too often and "no" never wrongly. Immutable.
/// </summary>
/// <remarks>
/// Triples that are alike share one of eight buckets. For each place a byte is looked up by its lower and by its upper half, or by its lower six bits;
/// each look-up tells the buckets it is in.
/// </remarks>
internal sealed class LetterTables
{
    /// <summary>How many letters are looked at.</summary>
    public const int Letters = 3;

    private const int Buckets = 8;
    private const int Alphabet = 26;

    private readonly Vector128<byte> _lower0;
    private readonly Vector128<byte> _upper0;
    private readonly Vector128<byte> _lower1;
    private readonly Vector128<byte> _upper1;
    private readonly Vector128<byte> _lower2;
    private readonly Vector128<byte> _upper2;
    private readonly Vector512<byte> _six0;
    private readonly Vector512<byte> _six1;
    private readonly Vector512<byte> _six2;

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
        ((_lower0, _upper0), (_lower1, _upper1), (_lower2, _upper2)) = (tables[0], tables[1], tables[2]);
        (_six0, _six1, _six2) = (tables[0].BySixBits(), tables[1].BySixBits(), tables[2].BySixBits());
    }

    /// <summary>Every byte.</summary>
    public static byte[] Any { get; } = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];

    /// <summary>Whether there is no triple.</summary>
    public bool IsEmpty { get; } = true;

    /// <summary>What share of all triples of letters passes, at most.</summary>
    public double Share { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find512(ref byte here) => ~Vector512.Equals(
        Avx512Vbmi.PermuteVar64x8(_six0, Vector512.LoadUnsafe(ref here)) & Avx512Vbmi.PermuteVar64x8(_six1, Vector512.LoadUnsafe(ref here, 1))
            & Avx512Vbmi.PermuteVar64x8(_six2, Vector512.LoadUnsafe(ref here, 2)),
        Vector512<byte>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find256(ref byte here) => Part256(ref here) | ((ulong)Part256(ref Unsafe.Add(ref here, 32)) << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find128(ref byte here)
    {
        var found = 0UL;
        for (var part = 0; part < 64; part += 16)
        {
            found |= (ulong)Part128(ref Unsafe.Add(ref here, part)) << part;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Part256(ref byte here)
    {
        var buckets = Look(_lower0, _upper0, Vector256.LoadUnsafe(ref here)) & Look(_lower1, _upper1, Vector256.LoadUnsafe(ref here, 1))
            & Look(_lower2, _upper2, Vector256.LoadUnsafe(ref here, 2));
        return ~Vector256.Equals(buckets, Vector256<byte>.Zero).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Part128(ref byte here)
    {
        var buckets = Look(_lower0, _upper0, Vector128.LoadUnsafe(ref here)) & Look(_lower1, _upper1, Vector128.LoadUnsafe(ref here, 1))
            & Look(_lower2, _upper2, Vector128.LoadUnsafe(ref here, 2));
        return ~Vector128.Equals(buckets, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Look(Vector128<byte> lower, Vector128<byte> upper, Vector256<byte> bytes)
    {
        var half = Vector256.Create((byte)0x0F);
        return Avx2.Shuffle(Vector256.Create(lower, lower), bytes & half)
            & Avx2.Shuffle(Vector256.Create(upper, upper), (bytes.AsUInt16() >>> 4).AsByte() & half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Look(Vector128<byte> lower, Vector128<byte> upper, Vector128<byte> bytes)
    {
        var half = Vector128.Create((byte)0x0F);
        return Vector128.ShuffleNative(lower, bytes & half) & Vector128.ShuffleNative(upper, (bytes.AsUInt16() >>> 4).AsByte() & half);
    }

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

        // Of the bytes that have these six bits in common.
        public Vector512<byte> BySixBits()
        {
            Span<byte> table = stackalloc byte[64];
            table.Clear();
            for (var value = 0; value < 256; value++)
            {
                table[value & 63] |= (byte)(Lower[value & 0xF] & Upper[value >> 4]);
            }

            return Vector512.Create<byte>(table);
        }

        private static uint Bits(Vector128<byte> table, int bucket) => (table << (7 - bucket)).ExtractMostSignificantBits();
    }
}
