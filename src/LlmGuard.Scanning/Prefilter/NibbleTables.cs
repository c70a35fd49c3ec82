using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>
/// Tells for up to 64 offsets at once where one of some rows of four bytes may stand. Says "perhaps" too often and "no" never wrongly. Immutable.
/// </summary>
/// <remarks>
/// Rows are put in eight buckets. For every place a table tells in which of them a byte may stand (<see cref="ByteBuckets"/>), and what all four
/// agree on is a candidate.
/// </remarks>
internal sealed class NibbleTables
{
    /// <summary>Bytes of a row.</summary>
    public const int Places = 4;

    /// <summary>Buckets that rows can be put in.</summary>
    public const int Buckets = ByteBuckets.Count;

    private readonly ByteBuckets _first, _second, _third, _fourth;

    // The same for the widest vectors.
    private readonly AlignedTables _wide;

    /// <param name="buckets">For each of the places, and each byte, the buckets it may stand in.</param>
    public NibbleTables(byte[][] buckets)
    {
        (_first, _second, _third, _fourth) = (new(buckets[0]), new(buckets[1]), new(buckets[2]), new(buckets[3]));
        _wide = new AlignedTables([_first.Ascii, _second.Ascii, _third.Ascii, _fourth.Ascii]);
    }

    /// <summary>Goes on to the next offsets among which there are candidates.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at; then the first of the offsets that were judged, or one from which on there are too few bytes to
    /// judge.</param>
    /// <returns>The candidates among them, one bit each; 0 where there are too few bytes.</returns>
    public ulong Next(ReadOnlySpan<byte> text, ref int at) => Next(this, null, text, ref at);

    /// <summary>The same for two times as many buckets.</summary>
    /// <remarks>
    /// Optimised from the first call on: a long text without a candidate is one call, which tiered compilation would take for a rare one.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Next(NibbleTables tables, NibbleTables? more, ReadOnlySpan<byte> text, ref int at)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        var offset = at;
        var found = 0UL;
        if (Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512)
        {
            found = more is null
                ? Next512(ref tables._wide.First, text, ref offset)
                : Next512(ref tables._wide.First, ref more._wide.First, text, ref offset);
            if (found != 0)
            {
                at = offset;
                return found;
            }
        }

        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            for (var last = text.Length - Vector256<byte>.Count - Places + 1; offset <= last; offset += Vector256<byte>.Count)
            {
                ref var here = ref Unsafe.Add(ref bytes, offset);
                var buckets = more is null ? tables.Judge256(ref here) : tables.Judge256(ref here) | more.Judge256(ref here);
                if ((found = ~Vector256.Equals(buckets, Vector256<byte>.Zero).ExtractMostSignificantBits()) != 0)
                {
                    at = offset;
                    return found;
                }
            }
        }

        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            for (var last = text.Length - Vector128<byte>.Count - Places + 1; offset <= last; offset += Vector128<byte>.Count)
            {
                ref var here = ref Unsafe.Add(ref bytes, offset);
                var buckets = more is null ? tables.Judge128(ref here) : tables.Judge128(ref here) | more.Judge128(ref here);
                if ((found = ~Vector128.Equals(buckets, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF) != 0)
                {
                    at = offset;
                    return found;
                }
            }
        }

        at = offset;
        return 0;
    }

    // All tables stay in registers: what is asked of a vector takes less than to load them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Next512(ref Vector512<byte> tables, ReadOnlySpan<byte> text, ref int at)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        var (a, a64, b, b64) = (tables, Unsafe.Add(ref tables, 1), Unsafe.Add(ref tables, 2), Unsafe.Add(ref tables, 3));
        var (c, c64, d, d64) = (Unsafe.Add(ref tables, 4), Unsafe.Add(ref tables, 5), Unsafe.Add(ref tables, 6), Unsafe.Add(ref tables, 7));
        for (var last = text.Length - Vector512<byte>.Count - Places + 1; at <= last; at += Vector512<byte>.Count)
        {
            ref var here = ref Unsafe.Add(ref bytes, at);
            var buckets = ByteBuckets.Of64(a, ref here, a64) & ByteBuckets.Of64(b, ref Unsafe.Add(ref here, 1), b64)
                & ByteBuckets.Of64(c, ref Unsafe.Add(ref here, 2), c64) & ByteBuckets.Of64(d, ref Unsafe.Add(ref here, 3), d64);
            if (buckets != Vector512<byte>.Zero)
            {
                return ~Vector512.Equals(buckets, Vector512<byte>.Zero).ExtractMostSignificantBits();
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Next512(ref Vector512<byte> tables, ref Vector512<byte> more, ReadOnlySpan<byte> text, ref int at)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        for (var last = text.Length - Vector512<byte>.Count - Places + 1; at <= last; at += Vector512<byte>.Count)
        {
            ref var here = ref Unsafe.Add(ref bytes, at);
            var buckets = Judge512(ref tables, ref here) | Judge512(ref more, ref here);
            if (buckets != Vector512<byte>.Zero)
            {
                return ~Vector512.Equals(buckets, Vector512<byte>.Zero).ExtractMostSignificantBits();
            }
        }

        return 0;
    }

    /// <summary>How many offsets were judged when <see cref="Next(ReadOnlySpan{byte}, ref int)"/> returned candidates at an offset.</summary>
    public static int Judged(int length, int at) =>
        Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512 && at <= length - Vector512<byte>.Count - Places + 1 ? Vector512<byte>.Count
            : Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256 && at <= length - Vector256<byte>.Count - Places + 1 ? Vector256<byte>.Count
            : Vector128<byte>.Count;

    /// <summary>
    /// One bit for each of 64 offsets at which a row of either set may stand; every one where there are no vectors. Three more bytes are loaded.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Find(NibbleTables tables, NibbleTables more, ref byte here)
    {
        if (Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512)
        {
            return ~Vector512.Equals(tables.Judge512(ref here) | more.Judge512(ref here), Vector512<byte>.Zero).ExtractMostSignificantBits();
        }

        var found = 0UL;
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            for (var at = 0; at < 64; at += Vector256<byte>.Count)
            {
                ref var some = ref Unsafe.Add(ref here, at);
                var buckets = tables.Judge256(ref some) | more.Judge256(ref some);
                found |= (ulong)~Vector256.Equals(buckets, Vector256<byte>.Zero).ExtractMostSignificantBits() << at;
            }

            return found;
        }

        if (!Vector128.IsHardwareAccelerated || Simd.Level < SimdLevel.Bits128)
        {
            return ulong.MaxValue;
        }

        for (var at = 0; at < 64; at += Vector128<byte>.Count)
        {
            ref var some = ref Unsafe.Add(ref here, at);
            var buckets = tables.Judge128(ref some) | more.Judge128(ref some);
            found |= (ulong)(~Vector128.Equals(buckets, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF) << at;
        }

        return found;
    }

    /// <summary>For 64 offsets the buckets of which a row may stand there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<byte> Judge512(ref byte here) => Judge512(ref _wide.First, ref here);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Judge512(ref Vector512<byte> tables, ref byte here) =>
        ByteBuckets.Of64(ref tables, ref here) & ByteBuckets.Of64(ref Unsafe.Add(ref tables, 2), ref Unsafe.Add(ref here, 1))
            & ByteBuckets.Of64(ref Unsafe.Add(ref tables, 4), ref Unsafe.Add(ref here, 2))
            & ByteBuckets.Of64(ref Unsafe.Add(ref tables, 6), ref Unsafe.Add(ref here, 3));

    /// <summary>The same for 32 offsets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<byte> Judge256(ref byte here) => _first.Of32(ref here) & _second.Of32(ref Unsafe.Add(ref here, 1))
        & _third.Of32(ref Unsafe.Add(ref here, 2)) & _fourth.Of32(ref Unsafe.Add(ref here, 3));

    /// <summary>The same for 16 offsets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> Judge128(ref byte here) => _first.Of16(ref here) & _second.Of16(ref Unsafe.Add(ref here, 1))
        & _third.Of16(ref Unsafe.Add(ref here, 2)) & _fourth.Of16(ref Unsafe.Add(ref here, 3));
}
