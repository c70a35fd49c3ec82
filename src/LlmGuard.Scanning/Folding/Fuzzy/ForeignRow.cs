using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Folding.Fuzzy;

/// <summary>What is to be known of a row of letters and digits of ASCII and of bytes outside it, told by vectors.</summary>
internal readonly struct ForeignRow
{
    private const int Width = 64;

    // Before the first of the bytes with which characters begin stand those that go on with one.
    private const sbyte FirstLead = -64;

    /// <summary>Its bytes, fewer than 64.</summary>
    public int Length { get; private init; }

    /// <summary>Its characters.</summary>
    public int Letters { get; private init; }

    /// <summary>How many of them are letters of Cyrillic of two bytes.</summary>
    public int Cyrillic { get; private init; }

    /// <summary>Whether others are outside ASCII, which may be between words.</summary>
    public bool HasOthers { get; private init; }

    /// <summary>Whether none of them is of ASCII.</summary>
    public bool IsForeign { get; private init; }

    /// <summary>Reads the row that begins at an offset.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="start">The offset.</param>
    /// <param name="row">Receives what is known of it.</param>
    /// <returns>False without vectors, where the row is longer, and where fewer than 64 bytes follow.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, int start, out ForeignRow row)
    {
        row = default;
        if (!Vector256.IsHardwareAccelerated || Simd.Level < SimdLevel.Bits256 || text.Length - start < Width)
        {
            return false;
        }

        ref var here = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), start);
        var length = BitOperations.TrailingZeroCount(~WordBytes.Alphanumeric.Sort(ref here, out var foreign));
        if (length == Width)
        {
            return false;
        }

        var (low, high) = (Vector256.LoadUnsafe(ref here), Vector256.LoadUnsafe(ref here, (nuint)Vector256<byte>.Count));
        var taken = (1UL << length) - 1;
        var inside = Mask(Inside(low), Inside(high));
        var cyrillic = Mask(Cyrillics(low), Cyrillics(high)) & taken;
        row = new ForeignRow
        {
            Length = length,
            Letters = BitOperations.PopCount(taken & ~inside),
            Cyrillic = BitOperations.PopCount(cyrillic),
            HasOthers = (foreign & taken & ~inside) != cyrillic,
            IsForeign = (foreign & taken) == taken,
        };
        return true;
    }

    private static Vector256<byte> Inside(Vector256<byte> bytes) => Vector256.LessThan(bytes.AsSByte(), Vector256.Create(FirstLead)).AsByte();

    // From U+0400 to U+047F.
    private static Vector256<byte> Cyrillics(Vector256<byte> bytes) =>
        Vector256.Equals(bytes & Vector256.Create((byte)0xFE), Vector256.Create(FuzzyWords.FirstOfCyrillic));

    private static ulong Mask(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << Vector256<byte>.Count);
}
