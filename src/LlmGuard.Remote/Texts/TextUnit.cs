using System.Text;

namespace LlmGuard.Remote.Texts;

/// <summary>What a provider counts a text in.</summary>
internal enum TextUnit
{
    /// <summary>Bytes of the UTF-8.</summary>
    Bytes,

    /// <summary>Unicode code points.</summary>
    CodePoints,

    /// <summary>UTF-16 code units: a character outside the basic plane is two.</summary>
    Utf16,

    /// <summary>
    /// Tokens, estimated from above for every byte-level vocabulary in use: half a token per ASCII character, one per byte of any other.
    /// Counted in half tokens.
    /// </summary>
    HalfTokens,
}

/// <summary>Counts text in a provider's unit.</summary>
internal static class TextUnits
{
    /// <summary>Units of a text.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="utf8">Valid UTF-8.</param>
    public static int Count(this TextUnit unit, ReadOnlySpan<byte> utf8)
    {
        if (unit == TextUnit.Bytes)
        {
            return utf8.Length;
        }

        if (unit == TextUnit.Utf16)
        {
            return Encoding.UTF8.GetCharCount(utf8);
        }

        var count = 0;
        foreach (var b in utf8)
        {
            count += unit.Cost(b);
        }

        return count;
    }

    /// <summary>What one byte of valid UTF-8 adds; the cost of a code point is that of its bytes together.</summary>
    public static int Cost(this TextUnit unit, byte b) => unit switch
    {
        TextUnit.Bytes => 1,
        TextUnit.CodePoints => (b & 0xC0) == 0x80 ? 0 : 1,
        TextUnit.Utf16 => (b & 0xC0) == 0x80 ? 0 : b >= 0xF0 ? 2 : 1,
        _ => b < 0x80 ? 1 : 2,
    };

    /// <summary>What a code point adds.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="first">Its first byte, which tells how many there are.</param>
    public static int CodePointCost(this TextUnit unit, byte first) => unit switch
    {
        TextUnit.Bytes => Length(first),
        TextUnit.CodePoints => 1,
        TextUnit.Utf16 => first >= 0xF0 ? 2 : 1,
        _ => first < 0x80 ? 1 : 2 * Length(first),
    };

    private static int Length(byte first) => first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}
