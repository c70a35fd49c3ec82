using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Entities;

/// <summary>Which bytes stand within a word: letters after a letter or digit, and digits after a digit. A digit after a letter may begin a number.</summary>
internal static class WordBytes
{
    private const int Digit = 1;

    // Digits have the upper half 3; letters 4 or 6 with any lower half but 0, or 5 or 7 with one of at most 10.
    private static readonly Vector128<byte> Lower = Vector128.Create([.. Enumerable.Range(0, 16).Select(
        static half => (byte)((half <= 9 ? Digit : 0) | (half > 0 ? 2 : 0) | (half <= 10 ? 4 : 0)))]);

    private static readonly Vector128<byte> Upper = Vector128.Create((byte)0, 0, 0, Digit, 2, 4, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>One bit for each of 32 bytes, of which the first has one before it.</summary>
    public static uint Within256(ref byte here)
    {
        var kinds = Kinds(Vector256.LoadUnsafe(ref here));
        var before = Kinds(Vector256.LoadUnsafe(ref Unsafe.Subtract(ref here, 1)));
        var (digits, digitsBefore) = (Vector256.Equals(kinds, Vector256.Create((byte)Digit)), Vector256.Equals(before, Vector256.Create((byte)Digit)));
        var joined = ~(Vector256.Equals(kinds, Vector256<byte>.Zero) | Vector256.Equals(before, Vector256<byte>.Zero));
        return (joined & ~(digits & ~digitsBefore)).ExtractMostSignificantBits();
    }

    /// <summary>The same for 16 bytes.</summary>
    public static uint Within128(ref byte here)
    {
        var kinds = Kinds(Vector128.LoadUnsafe(ref here));
        var before = Kinds(Vector128.LoadUnsafe(ref Unsafe.Subtract(ref here, 1)));
        var (digits, digitsBefore) = (Vector128.Equals(kinds, Vector128.Create((byte)Digit)), Vector128.Equals(before, Vector128.Create((byte)Digit)));
        var joined = ~(Vector128.Equals(kinds, Vector128<byte>.Zero) | Vector128.Equals(before, Vector128<byte>.Zero));
        return (joined & ~(digits & ~digitsBefore)).ExtractMostSignificantBits();
    }

    /// <summary>The same for one byte.</summary>
    public static bool IsWithin(byte before, byte here) =>
        char.IsAsciiLetterOrDigit((char)before) && (char.IsAsciiLetter((char)here) || (char.IsAsciiDigit((char)here) && char.IsAsciiDigit((char)before)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Kinds(Vector256<byte> bytes)
    {
        var half = Vector256.Create((byte)0x0F);
        return Avx2.Shuffle(Vector256.Create(Lower, Lower), bytes & half) & Avx2.Shuffle(Vector256.Create(Upper, Upper), (bytes.AsUInt16() >>> 4).AsByte() & half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Kinds(Vector128<byte> bytes)
    {
        var half = Vector128.Create((byte)0x0F);
        return Vector128.ShuffleNative(Lower, bytes & half) & Vector128.ShuffleNative(Upper, (bytes.AsUInt16() >>> 4).AsByte() & half);
    }
}
