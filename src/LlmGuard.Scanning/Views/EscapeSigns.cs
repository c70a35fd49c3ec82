using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Views;

/// <summary>
/// Tells most signs that could begin an escape and do not ("12.5% of") by the byte behind them, so that plain text is passed over at once.
/// </summary>
internal static class EscapeSigns
{
    private const int Width = 64;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0, 0x80).Where(static b =>
            b is ((>= 0x20 and <= 0x7E) or (>= 0x09 and <= 0x0D)) && !IsSign((byte)b)).Select(static b => (byte)b)]);

    // For each sign a bit of its own, for what is no plain character the highest one; and behind each sign with which bytes it may begin an escape.
    private const byte Invisible = 0x80;

    private static readonly Vector512<byte> KindsBelow64 = Table(0, KindOf), KindsFrom64 = Table(64, KindOf);

    private static readonly Vector512<byte> BehindBelow64 = Table(0, BehindOf), BehindFrom64 = Table(64, BehindOf);

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

    /// <summary>Whether a sign at an offset begins no escape, however what stands behind it is written. Says "no" where it cannot tell, and of what
    /// is no such sign.</summary>
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

    private static byte BitOf(byte sign) => sign switch { (byte)'%' => 1, (byte)'&' => 2, _ => 4 };

    private static byte KindOf(byte value) => IsSign(value) ? BitOf(value) : Plain.Contains(value) ? (byte)0 : Invisible;

    private static byte BehindOf(byte value)
    {
        var signs = Invisible;
        foreach (var sign in "%&\\"u8)
        {
            signs |= IsPlain([sign, value], 0) ? (byte)0 : BitOf(sign);
        }

        return signs;
    }

    private static Vector512<byte> Table(int first, Func<byte, byte> kind) =>
        Vector512.Create([.. Enumerable.Range(first, 64).Select(b => kind((byte)b))]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int LengthByVectors(ReadOnlySpan<byte> text)
    {
        var at = 0;
        ref var start = ref MemoryMarshal.GetReference(text);
        if (PartialLoad.IsSupported)
        {
            // What is not zero is not plain: one look for each byte and one for that behind it, and no branch for the many signs that begin nothing.
            var (kinds, kindsFrom64, behind, behindFrom64) = (KindsBelow64, KindsFrom64, BehindBelow64, BehindFrom64);
            for (; at < text.Length - Width; at += Width)
            {
                var (here, next) = (Vector512.LoadUnsafe(ref start, (nuint)at), Vector512.LoadUnsafe(ref start, (nuint)at + 1));
                var ends = Look(kinds, here, kindsFrom64) & Look(behind, next, behindFrom64);
                if (ends != Vector512<byte>.Zero)
                {
                    return at + First(ends);
                }
            }

            var sign = Vector512.Create((byte)'%');
            var rest = text[at..];
            var (last, behindLast) = (PartialLoad.First(rest, sign), PartialLoad.First(rest[Math.Min(1, rest.Length)..], sign));
            return Math.Min(text.Length, at + First(Look(kinds, last, kindsFrom64) & Look(behind, behindLast, behindFrom64)));
        }

        if (text.Length <= Width)
        {
            // Mostly all plain, and short: a piece of an answer.
            return text.ContainsAnyExcept(Plain) ? Math.Min(text.Length, BitOperations.TrailingZeroCount(EndsInRest(text))) : text.Length;
        }

        // The last look begins where it has a byte behind it; what is looked at twice is plain.
        for (var last = text.Length - Width - 1; ; at = Math.Min(at + Width, last))
        {
            ref var here = ref Unsafe.Add(ref start, at);
            ref var half = ref Unsafe.Add(ref here, Vector256<byte>.Count);
            var (low, high) = (Invisibles(ref here), Invisibles(ref half));
            var signs = Signs(ref here) | Signs(ref half);
            if ((low | high | signs) != Vector256<byte>.Zero)
            {
                var ends = signs != Vector256<byte>.Zero
                    ? EndsIn(Vector512.LoadUnsafe(ref here), Vector512.LoadUnsafe(ref here, 1))
                    : low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << Vector256<byte>.Count);
                if (ends != 0)
                {
                    return at + BitOperations.TrailingZeroCount(ends);
                }
            }

            if (at == last)
            {
                return Plain.Contains(text[^1]) ? text.Length : text.Length - 1;
            }
        }
    }

    /// <summary>
    /// Which of 32 bytes may not be plain: nobody sees them, they are outside ASCII, or they may begin an escape. One more is loaded.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> PerhapsNotPlain(ref byte here) => Invisibles(ref here) | Signs(ref here);

    // Signs before what may go on an escape: those before a space or a quote are most of them, and no branch is asked for each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Signs(ref byte here)
    {
        var (bytes, next) = (Vector256.LoadUnsafe(ref here), Vector256.LoadUnsafe(ref here, 1));
        var signs = Vector256.Equals(bytes, Vector256.Create((byte)'%')) | Vector256.Equals(bytes, Vector256.Create((byte)'&'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'));

        // What is outside ASCII is less than zero.
        return signs & Vector256.GreaterThan(next.AsSByte(), Vector256.Create((sbyte)'"')).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Invisibles(ref byte here)
    {
        var bytes = Vector256.LoadUnsafe(ref here);
        var (fromBlank, fromTab) = (bytes - Vector256.Create((byte)' '), bytes - Vector256.Create((byte)'\t'));
        return ~(Vector256.Equals(Vector256.Min(fromBlank, Vector256.Create((byte)('~' - ' '))), fromBlank)
            | Vector256.Equals(Vector256.Min(fromTab, Vector256.Create((byte)('\r' - '\t'))), fromTab));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int First(Vector512<byte> ends) =>
        BitOperations.TrailingZeroCount(~Vector512.Equals(ends, Vector512<byte>.Zero).ExtractMostSignificantBits());

    // All outside ASCII are as invisible as its last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Look(Vector512<byte> below64, Vector512<byte> bytes, Vector512<byte> from64) =>
        Avx512Vbmi.PermuteVar64x8x2(below64, Vector512.Min(bytes, Vector512.Create((byte)0x7F)), from64);

    // At most 64 bytes. Behind the last one an escape may go on.
    private static ulong EndsInRest(ReadOnlySpan<byte> rest)
    {
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
