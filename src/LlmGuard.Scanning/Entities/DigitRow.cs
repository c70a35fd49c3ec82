using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Entities;

/// <summary>What kinds of byte the 64 bytes from an offset on are, one bit each: looked at once for all kinds of number that may begin there.</summary>
/// <remarks>
/// Rows of numbers have a beginning of most kinds of number at every group. What a row cannot be is told by the sizes of its groups, without reading
/// them.
/// </remarks>
internal readonly struct DigitRow
{
    /// <summary>Bytes that are looked at.</summary>
    public const int Width = 64;

    private DigitRow(Vector512<byte> bytes)
    {
        Digits = Vector512.LessThan(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)10)).ExtractMostSignificantBits();
        Letters = Vector512.LessThan((bytes | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)26)).ExtractMostSignificantBits();
        Spaces = Vector512.Equals(bytes, Vector512.Create((byte)' ')).ExtractMostSignificantBits();
        NotAscii = bytes.ExtractMostSignificantBits();

        // Hyphen, point and slash stand side by side.
        var signs = Spaces | Vector512.LessThan(bytes - Vector512.Create((byte)'-'), Vector512.Create((byte)3)).ExtractMostSignificantBits();
        var length = BitOperations.TrailingZeroCount(~(Digits | signs) | (signs & ((signs << 1) | (signs >> 1))));
        Grouped = length == Width ? Digits : Digits & ((1UL << length) - 1);
        IsKnown = true;
    }

    /// <summary>Whether so many bytes are known.</summary>
    public bool IsKnown { get; }

    /// <summary>Digits.</summary>
    public ulong Digits { get; }

    /// <summary>ASCII letters.</summary>
    public ulong Letters { get; }

    /// <summary>Spaces.</summary>
    public ulong Spaces { get; }

    /// <summary>Bytes of other characters than those of ASCII.</summary>
    public ulong NotAscii { get; }

    /// <summary>The digits at the start of which groups follow each other with one space, hyphen, point or slash between.</summary>
    public ulong Grouped { get; }

    /// <summary>Digits of the first group.</summary>
    public int First => BitOperations.TrailingZeroCount(~Grouped);

    /// <summary>Digits of the second group, 0 if there is none.</summary>
    public int Second => First + 1 < Width ? BitOperations.TrailingZeroCount(~(Grouped >> (First + 1))) : 0;

    /// <summary>The row at an offset.</summary>
    public static DigitRow At(ReadOnlySpan<byte> text, int at) =>
        at + Width <= text.Length ? new DigitRow(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)at)) : default;

    /// <summary>Whether so many groups follow each other, of so many digits together at most.</summary>
    public bool HasGroups(int groups, int digits)
    {
        var starts = Grouped & ~(Grouped << 1);
        for (var i = 1; i < groups; i++)
        {
            starts &= starts - 1;
        }

        if (starts == 0)
        {
            return false;
        }

        var last = BitOperations.TrailingZeroCount(starts);
        return BitOperations.PopCount(Grouped & ((1UL << last) - 1)) + BitOperations.TrailingZeroCount(~(Grouped >> last)) <= digits;
    }
}
