using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Entities;

/// <summary>What 64 bytes of a text are, one bit each, by vectors that the machine has: those of 64 bytes are made of calls and copies where it has
/// none.</summary>
internal static class Bytes64
{
    /// <summary>How many there are.</summary>
    public const int Count = 64;

    /// <summary>The bytes before an offset; where fewer stand there, zeros before them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset.</param>
    /// <param name="copy">Room for them, for where fewer stand there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Before(ReadOnlySpan<byte> text, int at, Span<byte> copy)
    {
        if (at >= Count)
        {
            return ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at - Count);
        }

        copy[..(Count - at)].Clear();
        text[..at].CopyTo(copy[(Count - at)..]);
        return ref MemoryMarshal.GetReference(copy);
    }

    /// <summary>Letters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Letters(ref byte first) => Within(ref first, 0x20, 'a', 26);

    /// <summary>Capitals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Capitals(ref byte first) => Within(ref first, 0, 'A', 26);

    /// <summary>Digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Digits(ref byte first) => Within(ref first, 0, '0', 10);

    /// <summary>One character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Are(ref byte first, char character) => Within(ref first, 0, character, 1);

    /// <summary>Letters of some kinds, in any case.</summary>
    /// <param name="first">The first byte.</param>
    /// <param name="lower">The letters, in lower case.</param>
    public static ulong Any(ref byte first, ReadOnlySpan<byte> lower)
    {
        var (one, other) = (Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, (nuint)Vector256<byte>.Count));
        (one, other) = (one | Vector256.Create((byte)0x20), other | Vector256.Create((byte)0x20));
        var (found, found2) = (Vector256<byte>.Zero, Vector256<byte>.Zero);
        foreach (var letter in lower)
        {
            found |= Vector256.Equals(one, Vector256.Create(letter));
            found2 |= Vector256.Equals(other, Vector256.Create(letter));
        }

        return Join(found, found2);
    }

    /// <summary>Eight bytes from one of them on, of which the first is the lowest; behind the last one stands that again.</summary>
    /// <param name="first">The first byte.</param>
    /// <param name="at">Which one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong From(ref byte first, int at)
    {
        const int last = Count - sizeof(ulong);
        var bytes = Read(ref Unsafe.Add(ref first, Math.Min(at, last)));
        return at <= last ? bytes : (bytes >> (8 * (at - last))) | ((bytes >> 56) * 0x0101_0101_0101_0101 << (8 * (Count - at)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read(ref byte here)
    {
        var bytes = Unsafe.ReadUnaligned<ulong>(ref here);
        return BitConverter.IsLittleEndian ? bytes : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Within(ref byte first, byte added, char from, byte count)
    {
        if (Avx512Vbmi.IsSupported)
        {
            var all = (Vector512.LoadUnsafe(ref first) | Vector512.Create(added)) - Vector512.Create((byte)from);
            return Vector512.LessThan(all, Vector512.Create(count)).ExtractMostSignificantBits();
        }

        var one = (Vector256.LoadUnsafe(ref first) | Vector256.Create(added)) - Vector256.Create((byte)from);
        var other = (Vector256.LoadUnsafe(ref first, (nuint)Vector256<byte>.Count) | Vector256.Create(added)) - Vector256.Create((byte)from);
        return Join(IsLess(one, count), IsLess(other, count));
    }

    // The least of two tells without a sign what a comparison would tell with one only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> IsLess(Vector256<byte> bytes, byte count) =>
        Vector256.Equals(Vector256.Min(bytes, Vector256.Create((byte)(count - 1))), bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(Vector256<byte> lower, Vector256<byte> upper) =>
        lower.ExtractMostSignificantBits() | ((ulong)upper.ExtractMostSignificantBits() << Vector256<byte>.Count);
}
