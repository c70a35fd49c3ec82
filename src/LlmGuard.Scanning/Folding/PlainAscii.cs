using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Folding;

/// <summary>Copies the ASCII that folding keeps, in lower case: one pass that looks, folds and writes.</summary>
internal static class PlainAscii
{
    private static Vector128<sbyte> Places => Vector128.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /// <summary>
    /// Copies up to the first byte that folding does not keep as it is or as its lower case: a control character or the start of a longer one.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="lower">Receives as many bytes; at least as long as the text.</param>
    /// <returns>How many bytes were copied.</returns>
    /// <remarks>A method of its own: in a long one made of many, what is in line here would become calls, which take longer than the copy.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static int CopyLower(ReadOnlySpan<byte> text, Span<byte> lower)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lower.Length, text.Length);
        ref var from = ref MemoryMarshal.GetReference(text);
        ref var to = ref MemoryMarshal.GetReference(lower);
        var at = 0;
        if (Vector256.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits256)
        {
            const int width = 2 * 32;
            for (; at <= text.Length - width; at += width)
            {
                var (first, second) = (Vector256.LoadUnsafe(ref from, (nuint)at), Vector256.LoadUnsafe(ref from, (nuint)at + 32));
                if ((Refused(first) | Refused(second)) != Vector256<byte>.Zero)
                {
                    break;
                }

                Lower(first).StoreUnsafe(ref to, (nuint)at);
                Lower(second).StoreUnsafe(ref to, (nuint)at + 32);
            }
        }

        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128 && text.Length >= Vector128<byte>.Count)
        {
            while (true)
            {
                // The last ones are looked at together with some before them.
                at = Math.Min(at, text.Length - Vector128<byte>.Count);
                var bytes = Vector128.LoadUnsafe(ref from, (nuint)at);
                var refused = Refused(bytes);
                if (refused != Vector128<byte>.Zero)
                {
                    // Nothing is written of what is not copied, which nobody would clear.
                    var count = BitOperations.TrailingZeroCount(refused.ExtractMostSignificantBits());
                    (Lower(bytes) & Vector128.LessThan(Places, Vector128.Create((sbyte)count)).AsByte()).StoreUnsafe(ref to, (nuint)at);
                    return at + count;
                }

                Lower(bytes).StoreUnsafe(ref to, (nuint)at);
                at += Vector128<byte>.Count;
                if (at == text.Length)
                {
                    return at;
                }
            }
        }

        for (; at < text.Length && IsKept(text[at]); at++)
        {
            lower[at] = (byte)(AsciiByte.IsUpper(text[at]) ? text[at] | 0x20 : text[at]);
        }

        return at;
    }

    /// <summary>Whether folding keeps a byte: printable ASCII and the control characters that are white space.</summary>
    public static bool IsKept(byte value) => value is (>= 0x20 and <= 0x7E) or (>= 0x09 and <= 0x0D);

    /// <summary>Which of 32 bytes folding does not keep as they are or as their lower case.</summary>
    // As there is no comparison of bytes without sign, ranges are moved to the low end of those with one. Refused is what lies beyond 0x7E, counted
    // from 9, and what lies between 0x0E and 0x1F.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Refused(Vector256<byte> bytes) => (
        Vector256.GreaterThan((bytes - Vector256.Create((byte)(0x80 + 0x09))).AsSByte(), Vector256.Create((sbyte)(0x75 - 0x80)))
        | Vector256.LessThan((bytes - Vector256.Create((byte)(0x80 + 0x0E))).AsSByte(), Vector256.Create((sbyte)(0x12 - 0x80)))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Refused(Vector128<byte> bytes) => (
        Vector128.GreaterThan((bytes - Vector128.Create((byte)(0x80 + 0x09))).AsSByte(), Vector128.Create((sbyte)(0x75 - 0x80)))
        | Vector128.LessThan((bytes - Vector128.Create((byte)(0x80 + 0x0E))).AsSByte(), Vector128.Create((sbyte)(0x12 - 0x80)))).AsByte();

    /// <summary>32 bytes, the letters of ASCII in lower case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Lower(Vector256<byte> bytes) => bytes | (Vector256.LessThan(
        (bytes - Vector256.Create((byte)(0x80 + 'A'))).AsSByte(), Vector256.Create((sbyte)(26 - 0x80))).AsByte() & Vector256.Create((byte)0x20));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Lower(Vector128<byte> bytes) => bytes | (Vector128.LessThan(
        (bytes - Vector128.Create((byte)(0x80 + 'A'))).AsSByte(), Vector128.Create((sbyte)(26 - 0x80))).AsByte() & Vector128.Create((byte)0x20));
}
