using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>Up to eight sets of ASCII bytes, and for 64 bytes at a time which of them are in which set. Immutable.</summary>
internal sealed class ByteKinds
{
    /// <summary>Most sets.</summary>
    public const int Most = 8;

    /// <summary>Bytes that are sorted at a time.</summary>
    public const int Width = 64;

    private readonly byte[] _kinds = new byte[256];

    // By the lower half of a byte, for each set: in which rows of sixteen it has a byte with that half. ASCII has eight rows, the others have no bit.
    private readonly Vector128<byte>[] _rowsByLower = new Vector128<byte>[Most];
    private readonly Vector128<byte> _row = Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);
    private readonly Vector512<byte> _firstHalf;
    private readonly Vector512<byte> _secondHalf;

    /// <param name="sets">Whether an ASCII byte is in each of the sets.</param>
    public ByteKinds(params Func<byte, bool>[] sets)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sets.Length, Most);
        Span<byte> rows = stackalloc byte[16];
        for (var set = 0; set < sets.Length; set++)
        {
            rows.Clear();
            for (var value = 0; value < 0x80; value++)
            {
                if (sets[set]((byte)value))
                {
                    _kinds[value] |= (byte)(1 << set);
                    rows[value & 0xF] |= (byte)(1 << (value >> 4));
                }
            }

            _rowsByLower[set] = Vector128.Create<byte>(rows);
        }

        _firstHalf = Vector512.Create<byte>(_kinds);
        _secondHalf = Vector512.Create<byte>(_kinds.AsSpan(Width));
    }

    /// <summary>Sorts 64 bytes.</summary>
    /// <param name="here">The first of them.</param>
    /// <param name="masks">Receives one bit for each byte that is in a set; bytes outside ASCII are in none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sort(ref byte here, out KindMasks masks)
    {
        if (Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512)
        {
            Sort512(ref here, out masks);
        }
        else if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            Sort256(ref here, out masks);
        }
        else if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            Sort128(ref here, out masks);
        }
        else
        {
            SortScalar(ref here, out masks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sort512(ref byte here, out KindMasks masks)
    {
        var bytes = Vector512.LoadUnsafe(ref here);

        // One lookup gives all sets of a byte; of the index only seven bits count.
        var kinds = Vector512.AndNot(
            Avx512Vbmi.PermuteVar64x8x2(_firstHalf, bytes, _secondHalf),
                Vector512.LessThan(bytes.AsSByte(), Vector512<sbyte>.Zero).AsByte()).AsUInt16();
        masks = default;
        masks[0] = (kinds << 7).AsByte().ExtractMostSignificantBits();
        masks[1] = (kinds << 6).AsByte().ExtractMostSignificantBits();
        masks[2] = (kinds << 5).AsByte().ExtractMostSignificantBits();
        masks[3] = (kinds << 4).AsByte().ExtractMostSignificantBits();
        masks[4] = (kinds << 3).AsByte().ExtractMostSignificantBits();
        masks[5] = (kinds << 2).AsByte().ExtractMostSignificantBits();
        masks[6] = (kinds << 1).AsByte().ExtractMostSignificantBits();
        masks[7] = kinds.AsByte().ExtractMostSignificantBits();
    }

    private void Sort256(ref byte here, out KindMasks masks)
    {
        masks = default;
        for (var part = 0; part < Width; part += 32)
        {
            var bytes = Vector256.LoadUnsafe(ref here, (nuint)part);
            var half = Vector256.Create((byte)0x0F);
            var lower = bytes & half;
            var row = Avx2.Shuffle(Vector256.Create(_row, _row), (bytes.AsUInt16() >>> 4).AsByte() & half);
            for (var set = 0; set < Most; set++)
            {
                var found = Avx2.Shuffle(Vector256.Create(_rowsByLower[set], _rowsByLower[set]), lower) & row;
                masks[set] |= (ulong)~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits() << part;
            }
        }
    }

    private void Sort128(ref byte here, out KindMasks masks)
    {
        masks = default;
        for (var part = 0; part < Width; part += 16)
        {
            var bytes = Vector128.LoadUnsafe(ref here, (nuint)part);
            var half = Vector128.Create((byte)0x0F);
            var lower = bytes & half;
            var row = Vector128.ShuffleNative(_row, (bytes.AsUInt16() >>> 4).AsByte() & half);
            for (var set = 0; set < Most; set++)
            {
                var found = Vector128.ShuffleNative(_rowsByLower[set], lower) & row;
                masks[set] |= (ulong)(~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF) << part;
            }
        }
    }

    private void SortScalar(ref byte here, out KindMasks masks)
    {
        masks = default;
        var bytes = MemoryMarshal.CreateReadOnlySpan(ref here, Width);
        for (var i = 0; i < Width; i++)
        {
            for (var kinds = (uint)_kinds[bytes[i]]; kinds != 0; kinds &= kinds - 1)
            {
                masks[System.Numerics.BitOperations.TrailingZeroCount(kinds)] |= 1UL << i;
            }
        }
    }
}

/// <summary>For each set one bit for each of 64 bytes.</summary>
[InlineArray(ByteKinds.Most)]
internal struct KindMasks
{
    private ulong _first;
}
