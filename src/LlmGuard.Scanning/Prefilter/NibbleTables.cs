using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>Tells for 16 or 32 offsets at once where one of some rows of four bytes may stand. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Rows are put in eight buckets, one bit each. For every place one table tells by the lower half of a byte and one by the upper half in which
/// buckets it may stand; a shuffle is 16 or 32 lookups in such a table, and what all eight tables agree on is a candidate.
/// </remarks>
internal sealed class NibbleTables
{
    /// <summary>Bytes of a row.</summary>
    public const int Places = 4;

    /// <summary>Buckets that rows can be put in.</summary>
    public const int Buckets = 8;

    /// <summary>Most offsets that are judged at once.</summary>
    public const int Width = 32;

    private readonly Vector128<byte> _lower0, _lower1, _lower2, _lower3, _upper0, _upper1, _upper2, _upper3;

    /// <param name="buckets">For each of the places, and each byte, the buckets it may stand in.</param>
    public NibbleTables(byte[][] buckets)
    {
        (_lower0, _upper0) = Tables(buckets[0]);
        (_lower1, _upper1) = Tables(buckets[1]);
        (_lower2, _upper2) = Tables(buckets[2]);
        (_lower3, _upper3) = Tables(buckets[3]);
    }

    /// <summary>Goes on to the next offsets among which there are candidates.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at; then the first of the offsets that were judged, or one from which on there are too few bytes to judge.</param>
    /// <returns>The candidates among them, one bit each; 0 where there are too few bytes.</returns>
    /// <remarks>Optimised from the first call on: a long text without a candidate is one call, which tiered compilation would take for a rare one.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Next(ReadOnlySpan<byte> text, ref int at)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            var last = text.Length - Vector256<byte>.Count - Places + 1;
            var (l0, l1, l2, l3) = (Wide(_lower0), Wide(_lower1), Wide(_lower2), Wide(_lower3));
            var (u0, u1, u2, u3) = (Wide(_upper0), Wide(_upper1), Wide(_upper2), Wide(_upper3));
            for (; at <= last; at += Vector256<byte>.Count)
            {
                ref var here = ref Unsafe.Add(ref bytes, at);
                var found = Place(Vector256.LoadUnsafe(ref here), l0, u0) & Place(Vector256.LoadUnsafe(ref here, 1), l1, u1)
                    & Place(Vector256.LoadUnsafe(ref here, 2), l2, u2) & Place(Vector256.LoadUnsafe(ref here, 3), l3, u3);
                if (found != Vector256<byte>.Zero)
                {
                    return ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits();
                }
            }
        }

        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            var last = text.Length - Vector128<byte>.Count - Places + 1;
            for (; at <= last; at += Vector128<byte>.Count)
            {
                ref var here = ref Unsafe.Add(ref bytes, at);
                var found = Judge128(ref here);
                if (found != Vector128<byte>.Zero)
                {
                    return ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
                }
            }
        }

        return 0;
    }

    /// <summary>For 32 offsets the buckets of which a row may stand there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<byte> Judge256(ref byte here) =>
        Place(Vector256.LoadUnsafe(ref here), Wide(_lower0), Wide(_upper0)) & Place(Vector256.LoadUnsafe(ref here, 1), Wide(_lower1), Wide(_upper1))
            & Place(Vector256.LoadUnsafe(ref here, 2), Wide(_lower2), Wide(_upper2)) & Place(Vector256.LoadUnsafe(ref here, 3), Wide(_lower3), Wide(_upper3));

    /// <summary>The same for 16 offsets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> Judge128(ref byte here) =>
        Place(Vector128.LoadUnsafe(ref here), _lower0, _upper0) & Place(Vector128.LoadUnsafe(ref here, 1), _lower1, _upper1)
            & Place(Vector128.LoadUnsafe(ref here, 2), _lower2, _upper2) & Place(Vector128.LoadUnsafe(ref here, 3), _lower3, _upper3);

    /// <summary>How many offsets were judged when <see cref="Next"/> returned candidates at an offset.</summary>
    public static int Judged(int length, int at) =>
        Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256 && at <= length - Vector256<byte>.Count - Places + 1 ? Vector256<byte>.Count : Vector128<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Place(Vector256<byte> bytes, Vector256<byte> lower, Vector256<byte> upper)
    {
        var half = Vector256.Create((byte)0x0F);
        return Avx2.Shuffle(lower, bytes & half) & Avx2.Shuffle(upper, (bytes.AsUInt16() >>> 4).AsByte() & half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Place(Vector128<byte> bytes, Vector128<byte> lower, Vector128<byte> upper)
    {
        var half = Vector128.Create((byte)0x0F);
        return Vector128.ShuffleNative(lower, bytes & half) & Vector128.ShuffleNative(upper, (bytes.AsUInt16() >>> 4).AsByte() & half);
    }

    private static Vector256<byte> Wide(Vector128<byte> table) => Vector256.Create(table, table);

    private static (Vector128<byte> Lower, Vector128<byte> Upper) Tables(byte[] buckets)
    {
        Span<byte> lower = stackalloc byte[16];
        Span<byte> upper = stackalloc byte[16];
        lower.Clear();
        upper.Clear();
        for (var value = 0; value < 256; value++)
        {
            lower[value & 0xF] |= buckets[value];
            upper[value >> 4] |= buckets[value];
        }

        return (Vector128.Create<byte>(lower), Vector128.Create<byte>(upper));
    }
}
