using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Views;

/// <summary>Finds rows of characters that base64 (of either alphabet) or hexadecimal digits are written in.</summary>
internal static class EncodedRuns
{
    /// <summary>Shortest row that is decoded: nine bytes in base64.</summary>
    public const int Shortest = 12;

    private const int Width = 64;

    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"u8);

    // Bit k of a lower half's entry is set where the character of upper half k is in the alphabet.
    private static readonly Vector128<byte> Lower = Vector128.Create([.. Enumerable.Range(0, 16).Select(
        low => (byte)Enumerable.Range(0, 8).Sum(high => Alphabet.Contains((byte)((high << 4) | low)) ? 1 << high : 0))]);

    private static readonly Vector128<byte> Upper = Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);

    private static readonly Vector256<byte> LowerTwice = Vector256.Create(Lower, Lower);

    private static readonly Vector256<byte> UpperTwice = Vector256.Create(Upper, Upper);

    // The highest bit is set for characters of the alphabet.
    private static readonly Vector512<byte> LowerHalf =
        Vector512.Create([.. Enumerable.Range(0, 64).Select(static c => Alphabet.Contains((byte)c) ? (byte)0x80 : (byte)0)]);

    private static readonly Vector512<byte> UpperHalf =
        Vector512.Create([.. Enumerable.Range(64, 64).Select(static c => Alphabet.Contains((byte)c) ? (byte)0x80 : (byte)0)]);

    /// <summary>Whether a byte is one of these characters.</summary>
    public static bool IsOne(byte value) => Alphabet.Contains(value);

    /// <summary>Length of the row at the start of a text.</summary>
    public static int Length(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(Alphabet) is >= 0 and var length ? length : text.Length;

    /// <summary>
    /// The first offset from which a long enough row goes on, or a row of any length goes on to the end; the length of the text if there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find(ReadOnlySpan<byte> text, int from)
    {
        var at = from;
        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            var isWide = Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512;
            if (!isWide && Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
            {
                return FindByHalves(text, at);
            }

            for (; at <= text.Length - Width; at += Width - Shortest + 1)
            {
                var mask = isWide ? WideMask(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)at)) : Mask(text[at..]);
                mask = LongRows(mask);
                if (mask != 0)
                {
                    return at + BitOperations.TrailingZeroCount(mask);
                }
            }

            return FindInRest(text, at);
        }

        while (at < text.Length)
        {
            var skipped = text[at..].IndexOfAny(Alphabet);
            if (skipped < 0)
            {
                return text.Length;
            }

            at += skipped;
            var length = Length(text[at..]);
            if (length >= Shortest || at + length == text.Length)
            {
                return at;
            }

            at += length;
        }

        return text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindByHalves(ReadOnlySpan<byte> text, int at)
    {
        var (lower, upper) = (LowerTwice, UpperTwice);
        ref var start = ref MemoryMarshal.GetReference(text);
        for (; at <= text.Length - Width; at += Width - Shortest + 1)
        {
            ref var here = ref Unsafe.Add(ref start, at);
            var rows = LongRows(Mask(lower, upper, ref here) | ((ulong)Mask(lower, upper, ref Unsafe.Add(ref here, Vector256<byte>.Count)) << 32));
            if (rows != 0)
            {
                return at + BitOperations.TrailingZeroCount(rows);
            }
        }

        return FindInRest(text, at);
    }

    // What is outside ASCII, the lower table has nothing for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mask(Vector256<byte> lower, Vector256<byte> upper, ref byte here)
    {
        var bytes = Vector256.LoadUnsafe(ref here);
        var half = (bytes.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)0x0F);
        return ~Vector256.Equals(Avx2.Shuffle(lower, bytes) & Avx2.Shuffle(upper, half), Vector256<byte>.Zero).ExtractMostSignificantBits();
    }

    // Fewer bytes than are looked at at once. A row that goes on from before is a short one here, as it was looked at there.
    private static int FindInRest(ReadOnlySpan<byte> text, int at)
    {
        if (at >= text.Length)
        {
            return text.Length;
        }

        // No character of the alphabet stands behind.
        var mask = PartialLoad.IsSupported ? WideMask(PartialLoad.First(text[at..], Vector512<byte>.Zero)) : MaskOfRest(text[at..]);
        var rows = LongRows(mask);
        return rows != 0 ? at + BitOperations.TrailingZeroCount(rows)
            : text.Length - BitOperations.LeadingZeroCount(~(mask << (Width - (text.Length - at))));
    }

    /// <summary>Where so many bits are set in a row that it is decoded.</summary>
    public static ulong LongRows(ulong mask)
    {
        mask &= mask >> 1;
        mask &= mask >> 2;
        mask &= mask >> 4;
        return mask & (mask >> 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong WideMask(Vector512<byte> bytes) =>
        Vector512.AndNot(Avx512Vbmi.PermuteVar64x8x2(LowerHalf, bytes, UpperHalf), bytes).ExtractMostSignificantBits();

    private static ulong MaskOfRest(ReadOnlySpan<byte> rest)
    {
        Span<byte> bytes = stackalloc byte[Width];
        bytes.Clear();
        rest.CopyTo(bytes);
        return Mask(bytes, rest.Length);
    }

    private static ulong Mask(ReadOnlySpan<byte> text, int known = Width)
    {
        var mask = 0UL;
        for (var part = 0; part * 16 < known; part++)
        {
            var bytes = Vector128.Create(text[(part * 16)..]);
            var kinds = Vector128.Shuffle(Lower, bytes & Vector128.Create((byte)0x0F)) & Vector128.Shuffle(Upper, bytes >>> 4);
            mask |= (ulong)(~Vector128.Equals(kinds, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF) << (part * 16);
        }

        return mask;
    }
}
