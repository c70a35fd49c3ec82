using System.Text;

namespace LlmGuard.Scanning.Views;

/// <summary>
/// Reads a text character by character, resolving the escapes of URLs (<c>%41</c>), HTML (<c>&amp;#x41;</c>, <c>&amp;commat;</c>) and string literals
/// (<c>\u0041</c>, <c>\x41</c>, <c>\u{41}</c>, <c>\n</c>), and escapes that are themselves written in escapes.
/// </summary>
/// <param name="text">What is known of the text.</param>
/// <param name="isEnd">Whether it ends there.</param>
internal ref struct EscapeReader(ReadOnlySpan<byte> text, bool isEnd)
{
    /// <summary>How often escapes are resolved.</summary>
    public const int Depth = 2;

    private const int LongestName = 6;
    private const int MaxDigits = 8;

    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>Whether what was read could be another character if the text went on.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Characters looked at: the measure of work that tests hold to a linear bound.</summary>
    public long Steps { get; private set; }

    /// <summary>Reads the character at an offset.</summary>
    public Unit Read(int at)
    {
        IsOpen = false;
        return Read(at, Depth);
    }

    private Unit Read(int at, int depth)
    {
        Steps++;
        if (at >= _text.Length)
        {
            IsOpen |= !isEnd;
            return new Unit(-1, at, false, false);
        }

        if (depth == 0 || !EscapeSigns.IsSign(_text[at]))
        {
            return ReadPlain(at);
        }

        var first = Read(at, depth - 1);
        var escape = first.Value switch
        {
            '%' => ReadByte(first.End, depth - 1),
            '&' => ReadEntity(first.End, depth - 1),
            '\\' => ReadLiteral(first.End, depth - 1),
            _ => default,
        };
        return escape.End > 0 ? escape : first;
    }

    private readonly Unit ReadPlain(int at)
    {
        if (_text[at] < 0x80)
        {
            return new Unit(_text[at], at + 1, false, false);
        }

        Rune.DecodeFromUtf8(_text[at..], out var rune, out var width);
        return new Unit(rune.Value, at + width, false, false);
    }

    private Unit ReadByte(int at, int depth)
    {
        var value = ReadHex(ref at, depth, 2, 2);
        return value < 0 ? default : new Unit(value, at, value >= 0x80, true);
    }

    private Unit ReadEntity(int at, int depth)
    {
        var next = Read(at, depth);
        if (next.Value == '#')
        {
            at = next.End;
            next = Read(at, depth);
            var isHex = next.Value is 'x' or 'X';
            at = isHex ? next.End : at;
            var number = isHex ? ReadHex(ref at, depth, 1, MaxDigits) : ReadDecimal(ref at, depth);
            next = Read(at, depth);
            return number >= 0 && next.Value == ';' ? Escaped(number, next.End) : default;
        }

        Span<char> name = stackalloc char[LongestName];
        var length = 0;
        while (length < LongestName && AsciiByte.IsLetter(next.Value))
        {
            name[length++] = (char)next.Value;
            next = Read(next.End, depth);
        }

        return next.Value == ';' && HtmlNames.Find(name[..length]) is > 0 and var character ? Escaped(character, next.End) : default;
    }

    private Unit ReadLiteral(int at, int depth)
    {
        var kind = Read(at, depth);
        at = kind.End;
        switch (kind.Value)
        {
            case 'x':
                return ReadByte(at, depth);
            case 'U':
                return ReadHex(ref at, depth, 8, 8) is >= 0 and var scalar ? Escaped(scalar, at) : default;
            case 'u' when Read(at, depth) is { Value: '{' } brace:
                at = brace.End;
                var value = ReadHex(ref at, depth, 1, MaxDigits);
                var close = Read(at, depth);
                return value >= 0 && close.Value == '}' ? Escaped(value, close.End) : default;
            case 'u':
                return ReadUtf16(at, depth);
            case 'n' or 'r' or 't':
                // The letter is none of the word behind it: "\n4111 1111 ..." in quoted JSON or source code.
                return Escaped(kind.Value == 'n' ? '\n' : kind.Value == 'r' ? '\r' : '\t', at);
            default:
                return default;
        }
    }

    private Unit ReadUtf16(int at, int depth)
    {
        var high = ReadHex(ref at, depth, 4, 4);
        if (high < 0 || !char.IsHighSurrogate((char)high))
        {
            return high < 0 ? default : Escaped(high, at);
        }

        var (backslash, end) = (Read(at, depth), at);
        if (backslash.Value == '\\' && Read(backslash.End, depth) is { Value: 'u' } sign)
        {
            at = sign.End;
            if (ReadHex(ref at, depth, 4, 4) is >= 0 and var low && char.IsLowSurrogate((char)low))
            {
                return Escaped(char.ConvertToUtf32((char)high, (char)low), at);
            }
        }

        return Escaped(high, end);
    }

    private int ReadHex(ref int at, int depth, int least, int most)
    {
        var (value, count) = (0L, 0);
        for (var next = Read(at, depth); count < most && AsciiByte.IsHex(next.Value); next = count < most ? Read(at, depth) : next)
        {
            value = (value << 4) | (uint)(AsciiByte.IsDigit(next.Value) ? next.Value - '0' : (next.Value | 0x20) - 'a' + 10);
            (at, count) = (next.End, count + 1);
        }

        return count < least ? -1 : (int)Math.Min(value, int.MaxValue);
    }

    private int ReadDecimal(ref int at, int depth)
    {
        var (value, count) = (0L, 0);
        for (var next = Read(at, depth); count < MaxDigits && AsciiByte.IsDigit(next.Value); next = Read(at, depth))
        {
            value = (value * 10) + next.Value - '0';
            (at, count) = (next.End, count + 1);
        }

        return count == 0 ? -1 : (int)value;
    }

    private static Unit Escaped(int value, int end) => new(Rune.IsValid(value) ? value : Rune.ReplacementChar.Value, end, false, true);
}
