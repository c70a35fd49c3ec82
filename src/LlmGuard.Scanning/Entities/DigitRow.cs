using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Entities;

/// <summary>
/// What kinds of byte the 64 bytes from an offset on are, one bit each: looked at once for all kinds of number that may begin there.
/// </summary>
/// <remarks>
/// Rows of numbers have a beginning of most kinds of number at every group. What a row cannot be is told by the sizes of its groups, without reading
/// them.
/// </remarks>
internal struct DigitRow
{
    /// <summary>Bytes that are looked at.</summary>
    public const int Width = 64;

    /// <summary>Whether so many bytes are known.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Digits.</summary>
    public ulong Digits { get; private set; }

    /// <summary>ASCII letters.</summary>
    public ulong Letters { get; private set; }

    /// <summary>Spaces.</summary>
    public ulong Spaces { get; private set; }

    /// <summary>Bytes of other characters than those of ASCII.</summary>
    public ulong NotAscii { get; private set; }

    /// <summary>The digits at the start of which groups follow each other with one space, hyphen, point or slash between.</summary>
    public ulong Grouped { get; private set; }

    /// <summary>Digits of the first group.</summary>
    public readonly int First => BitOperations.TrailingZeroCount(~Grouped);

    /// <summary>Digits of the second group, 0 if there is none.</summary>
    public readonly int Second => First + 1 < Width ? BitOperations.TrailingZeroCount(~(Grouped >> (First + 1))) : 0;

    /// <summary>Looks at the bytes from an offset on.</summary>
    /// <remarks>In place: copied, it would be waited for until it is written.</remarks>
    public void Read(ReadOnlySpan<byte> text, int at)
    {
        IsKnown = at + Width <= text.Length;
        if (!IsKnown)
        {
            return;
        }

        var bytes = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)at);
        Digits = Vector512.LessThan(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)10)).ExtractMostSignificantBits();
        Letters =
            Vector512.LessThan((bytes | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'),
            Vector512.Create((byte)26)).ExtractMostSignificantBits();
        Spaces = Vector512.Equals(bytes, Vector512.Create((byte)' ')).ExtractMostSignificantBits();
        NotAscii = bytes.ExtractMostSignificantBits();

        // Hyphen, point and slash stand side by side.
        var signs = Spaces | Vector512.LessThan(bytes - Vector512.Create((byte)'-'), Vector512.Create((byte)3)).ExtractMostSignificantBits();
        var length = BitOperations.TrailingZeroCount(~(Digits | signs) | (signs & ((signs << 1) | (signs >> 1))));
        Grouped = length == Width ? Digits : Digits & ((1UL << length) - 1);
    }

    /// <summary>Whether so many groups follow each other, of so many digits together at most.</summary>
    public readonly bool HasGroups(int groups, int digits)
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
