using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Http.Json.Locating;

/// <summary>The escapes of strings: which bytes a backslash escapes, and whether they may be (RFC 8259, section 7).</summary>
internal ref struct EscapeCheck(ReadOnlySpan<byte> json)
{
    private const ulong Even = 0x5555_5555_5555_5555;
    private const int HexDigits = 4;

    /// <summary>r, t, f, n and the slash, each in the place that its low half says; b has the low half of r.</summary>
    // In halves, since the compiler inlines what is short.
    public static Vector128<byte> Letters => Vector128.Create(0x8066_8074_8072_8080UL, 0x2F6E_8080_8080_8080).AsByte();

    private readonly ReadOnlySpan<byte> _json = json;

    // Where the u of a low surrogate stands that a high one before it has found.
    private int _secondHalf = -1;

    /// <summary>Whether a surrogate without its other half was seen.</summary>
    public bool HasLoneSurrogate { get; private set; }

    /// <summary>The escaped bytes of a block.</summary>
    /// <param name="backslashes">Its backslashes.</param>
    /// <param name="carried">1 when its first byte is escaped from the block before; gets the same for the block behind.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Escaped(ulong backslashes, ref ulong carried)
    {
        // Runs of backslashes (simdjson, Langdale and Lemire 2019): adding a run's start to the run carries to the byte behind it, whose parity
        // tells whether the last of the run escapes or is escaped.
        var runs = backslashes & ~carried;
        var follows = (runs << 1) | carried;
        var oddStarts = runs & ~(Even | follows);
        var sum = oddStarts + runs;
        carried = sum < runs ? 1UL : 0;
        return (Even ^ (sum << 1)) & follows;
    }

    /// <summary>What <see cref="IByteBlock{TSelf}.Escapable"/> answers where nothing answers it at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong EscapableOf<TBlock>(TBlock block)
        where TBlock : struct, IByteBlock<TBlock> =>
        block.InTable(Letters, 0) | block.Equal((byte)'b') | block.Equal((byte)'"') | block.Equal((byte)'\\');

    /// <summary>Whether escaped bytes are numbers of characters.</summary>
    /// <param name="offset">Where the block stands.</param>
    /// <param name="units">The bytes.</param>
    public bool Accept(int offset, ulong units)
    {
        for (; units != 0; units &= units - 1)
        {
            var at = offset + BitOperations.TrailingZeroCount(units);
            var unit = UnitAt(at);
            if (unit < 0)
            {
                return false;
            }

            if (at == _secondHalf || !char.IsSurrogate((char)unit))
            {
                continue;
            }

            var next = at + HexDigits + 2;
            if (char.IsHighSurrogate((char)unit) && next < _json.Length && _json[next - 1] == '\\' && UnitAt(next) is >= 0xDC00 and <= 0xDFFF)
            {
                _secondHalf = next;
            }
            else
            {
                HasLoneSurrogate = true;
            }
        }

        return true;
    }

    /// <summary>The number behind a u, or less than 0.</summary>
    private readonly int UnitAt(int u)
    {
        if (u >= _json.Length - HexDigits || _json[u] != 'u')
        {
            return -1;
        }

        var digits = _json.Slice(u + 1, HexDigits);
        return (HexValues[digits[0]] * 0x1000) | (HexValues[digits[1]] * 0x100) | (HexValues[digits[2]] * 0x10) | (int)HexValues[digits[3]];
    }

    private static ReadOnlySpan<sbyte> HexValues =>
    [
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1, -1, -1, -1, -1,
        -1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    ];
}
