using System.Buffers.Binary;
using System.Numerics;

namespace LlmGuard.Http.Json.Locating;

/// <summary>Numbers and literals (RFC 8259, sections 3 and 6).</summary>
internal static class JsonScalars
{
    private const uint True = 0x65757274;
    private const uint Alse = 0x65736C61;
    private const uint Null = 0x6C6C756E;
    private const ulong HighHalves = 0xF0F0_F0F0_F0F0_F0F0;
    private const ulong Threes = 0x3030_3030_3030_3030;
    private const ulong Sixes = 0x0606_0606_0606_0606;

    /// <summary>Reads the value at the beginning of a text.</summary>
    /// <param name="text">The text; goes on behind the value.</param>
    /// <param name="kind">What it is.</param>
    /// <returns>Its length; 0 when there is none, or when something is glued to it.</returns>
    public static int Read(ReadOnlySpan<byte> text, out JsonTokenKind kind)
    {
        int length;
        switch (text[0])
        {
            case (byte)'t':
                (kind, length) = (JsonTokenKind.True, Is(text, True) ? 4 : 0);
                break;
            case (byte)'f':
                (kind, length) = (JsonTokenKind.False, Is(text[1..], Alse) ? 5 : 0);
                break;
            case (byte)'n':
                (kind, length) = (JsonTokenKind.Null, Is(text, Null) ? 4 : 0);
                break;
            default:
                (kind, length) = (JsonTokenKind.Number, NumberLength(text));
                break;
        }

        // Quotes and brackets too: whether they may stand there is for the grammar to say.
        return length == text.Length || " \t\r\n,:[]{}\""u8.Contains(text[length]) ? length : 0;
    }

    private static bool Is(ReadOnlySpan<byte> text, uint word) =>
        text.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(text) == word;

    private static int NumberLength(ReadOnlySpan<byte> text)
    {
        var at = text[0] == '-' ? 1 : 0;
        var whole = Digits(text, at);

        // No zero before other digits.
        if (whole == at || (text[at] == '0' && whole > at + 1))
        {
            return 0;
        }

        at = whole;
        if (at < text.Length && text[at] == '.')
        {
            var fraction = Digits(text, at + 1);
            if (fraction == at + 1)
            {
                return 0;
            }

            at = fraction;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            if (at < text.Length && text[at] is (byte)'+' or (byte)'-')
            {
                at++;
            }

            var exponent = Digits(text, at);
            return exponent == at ? 0 : exponent;
        }

        return at;
    }

    /// <summary>Where the digits end that begin at a place.</summary>
    private static int Digits(ReadOnlySpan<byte> text, int at)
    {
        for (; text.Length - at >= sizeof(ulong); at += sizeof(ulong))
        {
            // A digit has the high half 3, and still has it after adding 6. What a carry spoils stands behind a byte that is none.
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]);
            var others = ((eight & HighHalves) ^ Threes) | (((eight + Sixes) & HighHalves) ^ Threes);
            if (others != 0)
            {
                return at + (BitOperations.TrailingZeroCount(others) / 8);
            }
        }

        while (at < text.Length && text[at] - '0' is >= 0 and <= 9)
        {
            at++;
        }

        return at;
    }
}
