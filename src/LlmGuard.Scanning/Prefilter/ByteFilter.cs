using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>Tells where one of some rows of four bytes may stand, each place given as a set. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Rows are put in eight buckets, one bit each. For every place one table tells by the lower half of a byte and one by the upper half in which
/// buckets it may stand; a shuffle is 16 or 32 lookups in such a table, and what all eight agree on is a candidate, which a table by whole bytes checks.
/// </remarks>
internal sealed class ByteFilter
{
    /// <summary>Bytes of a row.</summary>
    public const int Places = 4;

    private const int Buckets = 8;

    private readonly Vector128<byte>[] _lower = new Vector128<byte>[Places];
    private readonly Vector128<byte>[] _upper = new Vector128<byte>[Places];
    private readonly byte[][] _buckets = [new byte[256], new byte[256], new byte[256], new byte[256]];

    /// <param name="rows">The rows: for each place and byte whether it may stand there.</param>
    public ByteFilter(IReadOnlyList<bool[][]> rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            for (var place = 0; place < Places; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    _buckets[place][value] |= rows[row][place][value] ? (byte)(1 << (row % Buckets)) : (byte)0;
                }
            }
        }

        for (var place = 0; place < Places; place++)
        {
            Span<byte> lower = stackalloc byte[16];
            Span<byte> upper = stackalloc byte[16];
            lower.Clear();
            upper.Clear();
            for (var value = 0; value < 256; value++)
            {
                lower[value & 0xF] |= _buckets[place][value];
                upper[value >> 4] |= _buckets[place][value];
            }

            (_lower[place], _upper[place]) = (Vector128.Create<byte>(lower), Vector128.Create<byte>(upper));
        }
    }

    /// <summary>The first offset from one on where a row may stand. Where fewer than four bytes follow, one may.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at.</param>
    /// <returns>The offset; the length of the text if there is none.</returns>
    public int Next(ReadOnlySpan<byte> text, int at)
    {
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            for (; at <= text.Length - Vector256<byte>.Count - Places + 1; at += Vector256<byte>.Count)
            {
                if (FirstOf(Perhaps256(text[at..]), text, at) is >= 0 and var found)
                {
                    return found;
                }
            }
        }

        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            for (; at <= text.Length - Vector128<byte>.Count - Places + 1; at += Vector128<byte>.Count)
            {
                if (FirstOf(Perhaps128(text[at..]), text, at) is >= 0 and var found)
                {
                    return found;
                }
            }
        }

        while (at <= text.Length - Places && !MayStand(text, at))
        {
            at++;
        }

        return Math.Min(at, text.Length);
    }

    private int FirstOf(uint perhaps, ReadOnlySpan<byte> text, int at)
    {
        for (; perhaps != 0; perhaps &= perhaps - 1)
        {
            var offset = at + BitOperations.TrailingZeroCount(perhaps);
            if (MayStand(text, offset))
            {
                return offset;
            }
        }

        return -1;
    }

    private bool MayStand(ReadOnlySpan<byte> text, int at) =>
        (_buckets[0][text[at]] & _buckets[1][text[at + 1]] & _buckets[2][text[at + 2]] & _buckets[3][text[at + 3]]) != 0;

    private uint Perhaps256(ReadOnlySpan<byte> text)
    {
        var found = Place256(text, 0) & Place256(text, 1) & Place256(text, 2) & Place256(text, 3);
        return ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits();
    }

    private uint Perhaps128(ReadOnlySpan<byte> text)
    {
        var found = Place128(text, 0) & Place128(text, 1) & Place128(text, 2) & Place128(text, 3);
        return ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
    }

    private Vector256<byte> Place256(ReadOnlySpan<byte> text, int place)
    {
        var bytes = Vector256.Create(text[place..]);
        return Avx2.Shuffle(Vector256.Create(_lower[place], _lower[place]), bytes & Vector256.Create((byte)0x0F))
            & Avx2.Shuffle(Vector256.Create(_upper[place], _upper[place]), bytes >>> 4);
    }

    private Vector128<byte> Place128(ReadOnlySpan<byte> text, int place)
    {
        var bytes = Vector128.Create(text[place..]);
        return Vector128.Shuffle(_lower[place], bytes & Vector128.Create((byte)0x0F)) & Vector128.Shuffle(_upper[place], bytes >>> 4);
    }
}
