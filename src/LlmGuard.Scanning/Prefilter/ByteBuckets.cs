using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>Which of eight buckets a byte may be in, one bit each, looked up for 16, 32 or 64 bytes at once. Immutable.</summary>
/// <remarks>
/// A shuffle is 16 or 32 lookups in a table of 16, so that a byte is looked up by its lower and by its upper half, and what both agree on counts:
/// that may be too much and is never too little. The widest vectors look up ASCII as it is, and all other bytes as one.
/// </remarks>
internal readonly struct ByteBuckets
{
    /// <summary>How many buckets there are.</summary>
    public const int Count = 8;

    // Stands for all bytes outside ASCII, and for itself.
    private const byte Highest = 0x7F;

    private readonly Vector128<byte> _lower;
    private readonly Vector128<byte> _upper;
    private readonly byte[] _ascii;

    /// <param name="buckets">For each byte its buckets.</param>
    public ByteBuckets(ReadOnlySpan<byte> buckets)
    {
        Span<byte> lower = stackalloc byte[16];
        Span<byte> upper = stackalloc byte[16];
        lower.Clear();
        upper.Clear();
        _ascii = new byte[AlignedTables.Size];
        for (var value = 0; value < buckets.Length; value++)
        {
            lower[value & 0xF] |= buckets[value];
            upper[value >> 4] |= buckets[value];
            _ascii[Math.Min(value, Highest)] |= buckets[value];
        }

        (_lower, _upper) = (Vector128.Create<byte>(lower), Vector128.Create<byte>(upper));
    }

    /// <summary>The buckets of each byte of ASCII, the last of which stands for all others: the table that 64 are looked up in at once.</summary>
    public byte[] Ascii => _ascii;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> Of16(ref byte here)
    {
        var (bytes, half) = (Vector128.LoadUnsafe(ref here), Vector128.Create((byte)0x0F));
        return Vector128.ShuffleNative(_lower, bytes & half) & Vector128.ShuffleNative(_upper, (bytes.AsUInt16() >>> 4).AsByte() & half);
    }

    /// <remarks>Where <see cref="Avx2"/> is supported.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<byte> Of32(ref byte here)
    {
        var (bytes, half) = (Vector256.LoadUnsafe(ref here), Vector256.Create((byte)0x0F));
        return Avx2.Shuffle(Vector256.Create(_lower, _lower), bytes & half)
            & Avx2.Shuffle(Vector256.Create(_upper, _upper), (bytes.AsUInt16() >>> 4).AsByte() & half);
    }

    /// <summary>The buckets of 64 bytes. Where <see cref="Avx512Vbmi"/> is supported.</summary>
    /// <param name="table">The lower half of <see cref="Ascii"/>, behind which the upper one stands. In <see cref="AlignedTables"/>, since what is
    /// loaded for every look must not lie across two lines of the cache.</param>
    /// <param name="here">The first of the bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Of64(ref Vector512<byte> table, ref byte here) => Of64(table, ref here, Unsafe.Add(ref table, 1));

    /// <summary>The same with the halves of the table at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Of64(Vector512<byte> below64, ref byte here, Vector512<byte> from64) =>
        Avx512Vbmi.PermuteVar64x8x2(below64, Vector512.Min(Vector512.LoadUnsafe(ref here), Vector512.Create(Highest)), from64);
}
