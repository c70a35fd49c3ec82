using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Views;

/// <summary>Tells most signs that could begin an escape and do not ("12.5% of") by the byte behind them, so that plain text is passed over at once.</summary>
internal static class EscapeSigns
{
    private const int Width = 64;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0, 0x80).Where(static b => b is ((>= 0x20 and <= 0x7E) or (>= 0x09 and <= 0x0D)) && !IsSign((byte)b)).Select(static b => (byte)b)]);

    // The highest bit is set for what is no plain character.
    private static readonly Vector512<byte> PlainLower = NotPlain(0);

    private static readonly Vector512<byte> PlainUpper = NotPlain(64);

    /// <summary>How many bytes at the start of a text are visible ASCII or white space and begin no escape. Most signs with which an escape could
    /// begin stand before a quote, a line end or a space.</summary>
    public static int LengthOfPlain(ReadOnlySpan<byte> text)
    {
        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            return LengthByVectors(text);
        }

        var at = 0;
        while (true)
        {
            var plain = text[at..].IndexOfAnyExcept(Plain);
            at = plain < 0 ? text.Length : at + plain;
            if (!IsPlain(text, at))
            {
                return at;
            }

            at++;
        }
    }

    /// <summary>Whether a sign at an offset begins no escape, however what stands behind it is written. Says "no" where it cannot tell, and of what is
    /// no such sign.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text, int at)
    {
        // What follows may be written in an escape itself.
        if (at + 1 >= text.Length || IsSign(text[at + 1]))
        {
            return false;
        }

        var next = text[at + 1];
        return text[at] switch
        {
            (byte)'%' => !AsciiByte.IsHex(next),
            (byte)'&' => next != '#' && !AsciiByte.IsLetter(next),
            (byte)'\\' => next is not ((byte)'x' or (byte)'u' or (byte)'U' or (byte)'n' or (byte)'r' or (byte)'t'),
            _ => false,
        };
    }

    private static Vector512<byte> NotPlain(int first) =>
        Vector512.Create([.. Enumerable.Range(first, 64).Select(static c => Plain.Contains((byte)c) ? (byte)0 : (byte)0x80)]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int LengthByVectors(ReadOnlySpan<byte> text)
    {
        var at = 0;
        var isWide = Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512;
        var (lower, upper) = (PlainLower, PlainUpper);
        ref var start = ref MemoryMarshal.GetReference(text);
        for (; at < text.Length - Width; at += Width)
        {
            // Most of a text has not even a sign, which one look in a table of all ASCII tells.
            if (isWide)
            {
                var bytes = Vector512.LoadUnsafe(ref start, (nuint)at);
                if ((Avx512Vbmi.PermuteVar64x8x2(lower, bytes, upper) | bytes).ExtractMostSignificantBits() == 0)
                {
                    continue;
                }
            }

            var ends = EndsIn(Vector512.LoadUnsafe(ref start, (nuint)at), Vector512.LoadUnsafe(ref start, (nuint)at + 1));
            if (ends != 0)
            {
                return at + BitOperations.TrailingZeroCount(ends);
            }
        }

        return Math.Min(text.Length, at + BitOperations.TrailingZeroCount(EndsInRest(text[at..])));
    }

    // At most 64 bytes. Behind the last one an escape may go on.
    private static ulong EndsInRest(ReadOnlySpan<byte> rest)
    {
        if (PartialLoad.IsSupported)
        {
            var sign = Vector512.Create((byte)'%');
            return EndsIn(PartialLoad.First(rest, sign), PartialLoad.First(rest[Math.Min(1, rest.Length)..], sign));
        }

        Span<byte> bytes = stackalloc byte[Width + 1];
        bytes.Fill((byte)'%');
        rest.CopyTo(bytes);
        ref var here = ref MemoryMarshal.GetReference(bytes);
        return EndsIn(Vector512.LoadUnsafe(ref here), Vector512.LoadUnsafe(ref here, 1));
    }

    // Which of 64 bytes are not plain; next holds for each the one behind it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EndsIn(Vector512<byte> bytes, Vector512<byte> next)
    {
        var invisible = Vector512.GreaterThan(bytes - Vector512.Create((byte)' '), Vector512.Create((byte)('~' - ' ')))
            & Vector512.GreaterThan(bytes - Vector512.Create((byte)'\t'), Vector512.Create((byte)('\r' - '\t')));
        var (percents, ampersands, backslashes) = (Are(bytes, '%'), Are(bytes, '&'), Are(bytes, '\\'));
        var signs = percents | ampersands | backslashes;
        if (signs == Vector512<byte>.Zero)
        {
            return invisible.ExtractMostSignificantBits();
        }

        var folded = next | Vector512.Create((byte)0x20);
        var escapes = (signs & (Are(next, '%') | Are(next, '&') | Are(next, '\\')))
            | (percents & (AreWithin(next, '0', '9') | AreWithin(folded, 'a', 'f')))
            | (ampersands & (AreWithin(folded, 'a', 'z') | Are(next, '#')))
            | (backslashes & (Are(folded, 'u') | Are(next, 'x') | Are(next, 'n') | Are(next, 'r') | Are(next, 't')));
        return (invisible | escapes).ExtractMostSignificantBits();
    }

    private static Vector512<byte> Are(Vector512<byte> bytes, char value) => Vector512.Equals(bytes, Vector512.Create((byte)value));

    private static Vector512<byte> AreWithin(Vector512<byte> bytes, char first, char last) =>
        Vector512.LessThanOrEqual(bytes - Vector512.Create((byte)first), Vector512.Create((byte)(last - first)));

    /// <summary>Whether an escape may begin with a byte.</summary>
    public static bool IsSign(byte value) => value is (byte)'%' or (byte)'&' or (byte)'\\';
}
