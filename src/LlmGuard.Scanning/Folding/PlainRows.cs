using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Passes over characters of three bytes that folding leaves as they are: nearly all of the scripts behind Hebrew. Which of the 64 that share two
/// bytes are such is found out when one of them is first met.
/// </summary>
/// <param name="find">What a code point becomes.</param>
internal sealed class PlainRows(Func<int, int> find)
{
    // The first row that is not too long for its characters, and those of surrogates.
    private const int Shortest = 0x800 >> 6;
    private const int FirstSurrogate = 0xD800 >> 6;
    private const int LastSurrogate = 0xDFFF >> 6;

    // Those of kana and of what stands between them, eight in a row, are told character by character: nearly all of these are plain, and few of the
    // rows as a whole.
    private const int FirstKana = 0x3000 >> 6;

    private const int Width = 64;

    private static readonly Vector512<byte> Bits = Vector512.Create([.. Enumerable.Range(0, Width).Select(static i => (byte)(1 << (i & 7)))]);

    // One bit for each character. Two threads may both find out; they find the same.
    private readonly ulong[] _rows = new ulong[1024];
    private readonly bool[] _isFound = new bool[1024];

    // For each first byte one bit for each second one with which all characters are such.
    private readonly ulong[] _whole = new ulong[16];

    /// <summary>The first offset, from the given one, at which no such character stands; or the last one of a text.</summary>
    public int EndOf(ReadOnlySpan<byte> text, int at)
    {
        var (rows, byVectors) = (_rows, Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512);
        while (text.Length - at >= sizeof(uint))
        {
            var character = BinaryPrimitives.ReadUInt32LittleEndian(text[at..]);
            if ((character & 0xC0C0F0) != 0x8080E0)
            {
                break;
            }

            // Shifting takes of the last byte what tells the 64 apart.
            var (row, last) = ((int)(((character & 0x0F) << 6) | (character >> 8 & 0x3F)), (int)(character >> 16));
            if ((rows[row] >> last & 1) == 0 && (Volatile.Read(ref _isFound[row]) || (FindOut(row) >> last & 1) == 0))
            {
                break;
            }

            at += 3;
            if (byVectors)
            {
                // Most that are not alone stand in long rows.
                (at, byVectors) = (EndByVectors(text, at), false);
            }
        }

        return at;
    }

    // As far as 64 bytes at once tell, and what is found out of rows so far.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int EndByVectors(ReadOnlySpan<byte> text, int at)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        ref var wholeRows = ref Unsafe.As<ulong, byte>(ref MemoryMarshal.GetArrayDataReference(_whole));
        ref var kanaRows = ref Unsafe.As<ulong, byte>(ref MemoryMarshal.GetArrayDataReference(_rows));
        while (text.Length - at >= Width + 2)
        {
            ref var here = ref Unsafe.Add(ref start, at);
            var (first, second, third) = (Vector512.LoadUnsafe(ref here), Vector512.LoadUnsafe(ref here, 1), Vector512.LoadUnsafe(ref here, 2));
            var goOn = Vector512.Create((byte)0xC0);
            var three = Vector512.Equals(first & Vector512.Create((byte)0xF0), Vector512.Create((byte)0xE0))
                & Vector512.Equals(second & goOn, Vector512.Create((byte)0x80)) & Vector512.Equals(third & goOn, Vector512.Create((byte)0x80));

            // Eight bits a byte: the lowest three of the last byte that tells a row, or a character, apart say which.
            var row = (Eighth(second) & Vector512.Create((byte)0x07)) | ((first << 3) & Vector512.Create((byte)0x78));
            var whole = Avx512Vbmi.PermuteVar64x8x2(Vector512.LoadUnsafe(ref wholeRows), row, Vector512.LoadUnsafe(ref wholeRows, Width))
                & Avx512Vbmi.PermuteVar64x8(Bits, second);
            var kana = Avx512Vbmi.PermuteVar64x8(
                    Vector512.LoadUnsafe(ref kanaRows, FirstKana * sizeof(ulong)),
                    (Eighth(third) & Vector512.Create((byte)0x07)) | ((second << 3) & Vector512.Create((byte)0x38)))
                & Avx512Vbmi.PermuteVar64x8(Bits, third) & Vector512.Equals(first, Vector512.Create((byte)0xE3))
                & Vector512.LessThan(second, Vector512.Create((byte)0x88));
            var plain = (three & ~Vector512.Equals(whole | kana, Vector512<byte>.Zero)).ExtractMostSignificantBits();
            var end = BitOperations.TrailingZeroCount(~(plain | (plain << 1) | (plain << 2)));

            // The last one may go on behind the 64.
            at += end < Width ? end : Width - 1;
            if (end < Width - 1)
            {
                break;
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Eighth(Vector512<byte> bytes) => (bytes.AsUInt16() >>> 3).AsByte();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong FindOut(int row)
    {
        var plain = 0UL;
        for (var i = 0; row is >= Shortest and not (>= FirstSurrogate and <= LastSurrogate) && i < 64; i++)
        {
            var codePoint = (row << 6) | i;
            plain |= codePoint != CodePoint.Replacement && find(codePoint) == codePoint ? 1UL << i : 0;
        }

        _rows[row] = plain;
        if (plain == ulong.MaxValue)
        {
            Interlocked.Or(ref _whole[row >> 6], 1UL << row);
        }

        Volatile.Write(ref _isFound[row], true);
        return plain;
    }
}
