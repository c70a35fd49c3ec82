using System.Globalization;
using System.Text;

namespace LlmGuard.Scanning.Patterns;

/// <summary>Parses escapes and bracketed classes.</summary>
internal static class CharClassParser
{
    private static readonly (int First, int Last)[] Digits = [('0', '9')];
    private static readonly (int First, int Last)[] Spaces = [('\t', '\n'), ('\f', '\r'), (' ', ' ')];
    private static readonly (int First, int Last)[] Words = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    /// <summary>Parses what follows an opening bracket, up to and including the closing one.</summary>
    public static CharSet Parse(ReadOnlySpan<char> pattern, ref int at, bool ignoresCase)
    {
        var set = new CharSet();
        var isNegated = at < pattern.Length && pattern[at] == '^';
        at += isNegated ? 1 : 0;
        var isFirst = true;
        while (true)
        {
            if (at >= pattern.Length)
            {
                throw PatternError.At(at, "a bracket that is not closed");
            }

            if (pattern[at] == ']' && !isFirst)
            {
                at++;
                return set.Complete(isNegated, ignoresCase);
            }

            isFirst = false;
            if (pattern[at..].StartsWith("[:"))
            {
                AddPosix(set, pattern, ref at);
                continue;
            }

            var first = ParseMember(set, pattern, ref at);
            if (first < 0)
            {
                continue;
            }

            var last = first;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                last = ParseMember(set, pattern, ref at);
                if (last < first)
                {
                    throw PatternError.At(at, "a range that is out of order");
                }
            }

            set.Add(first, last);
        }
    }

    /// <summary>Parses an escape: a character (returned), a class, or a condition.</summary>
    public static int ParseEscape(ReadOnlySpan<char> pattern, ref int at, out PatternAssertion? assertion, out CharSet? set)
    {
        assertion = null;
        set = null;
        if (++at >= pattern.Length)
        {
            throw PatternError.At(at, "a backslash at the end");
        }

        var c = pattern[at++];
        switch (c)
        {
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W':
                set = AddPerl(new CharSet(), c);
                return -1;
            case 'p' or 'P':
                set = AddUnicode(new CharSet(), pattern, ref at, c == 'P');
                return -1;
            case 'A':
                assertion = PatternAssertion.TextStart;
                return -1;
            case 'z':
                assertion = PatternAssertion.TextEnd;
                return -1;
            case 'b':
                assertion = PatternAssertion.WordBoundary;
                return -1;
            case 'B':
                assertion = PatternAssertion.NoWordBoundary;
                return -1;
            default:
                return ParseCharacter(c, pattern, ref at);
        }
    }

    private static int ParseCharacter(char c, ReadOnlySpan<char> pattern, ref int at)
    {
        switch (c)
        {
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'x':
                return ParseHex(pattern, ref at);
            case '0':
                return ParseOctal(c, pattern, ref at);
            case >= '1' and <= '9':
                // \123 is octal in Go, \1 would be a back-reference.
                return c < '8' && at < pattern.Length && pattern[at] is >= '0' and <= '7'
                    ? ParseOctal(c, pattern, ref at)
                    : throw PatternError.At(at, "a back-reference, which cannot be matched in linear time");
            case < (char)0x80 when !char.IsAsciiLetterOrDigit(c):
                return c;
            default:
                throw PatternError.At(at, "an unknown escape");
        }
    }

    private static int ParseMember(CharSet set, ReadOnlySpan<char> pattern, ref int at)
    {
        if (pattern[at] == '\\')
        {
            var character = ParseEscapeInClass(set, pattern, ref at);
            return character;
        }

        if (Rune.DecodeFromUtf16(pattern[at..], out var rune, out var count) != System.Buffers.OperationStatus.Done)
        {
            throw PatternError.At(at, "a lone surrogate");
        }

        at += count;
        return rune.Value;
    }

    private static int ParseEscapeInClass(CharSet set, ReadOnlySpan<char> pattern, ref int at)
    {
        if (at + 1 < pattern.Length && pattern[at + 1] is 'd' or 'D' or 's' or 'S' or 'w' or 'W')
        {
            AddPerl(set, pattern[at + 1]);
            at += 2;
            return -1;
        }

        if (at + 1 < pattern.Length && pattern[at + 1] is 'p' or 'P')
        {
            var negate = pattern[at + 1] == 'P';
            at += 2;
            AddUnicode(set, pattern, ref at, negate);
            return -1;
        }

        var character = ParseEscape(pattern, ref at, out var assertion, out _);
        return assertion is null ? character : throw PatternError.At(at, "a condition within brackets");
    }

    private static CharSet AddPerl(CharSet set, char c)
    {
        var ranges = char.ToLowerInvariant(c) switch { 'd' => Digits, 's' => Spaces, _ => Words };
        if (char.IsAsciiLetterUpper(c))
        {
            return set.AddComplement(ranges);
        }

        foreach (var (first, last) in ranges)
        {
            set.Add(first, last);
        }

        return set;
    }

    private static void AddPosix(CharSet set, ReadOnlySpan<char> pattern, ref int at)
    {
        var length = pattern[(at + 2)..].IndexOf(":]");
        var name = length < 0 ? "" : pattern.Slice(at + 2, length).ToString();
        var negate = name.StartsWith('^');
        (int First, int Last)[] ranges = name.TrimStart('^') switch
        {
            "alnum" => [('0', '9'), ('A', 'Z'), ('a', 'z')],
            "alpha" => [('A', 'Z'), ('a', 'z')],
            "ascii" => [(0, 0x7F)],
            "blank" => [('\t', '\t'), (' ', ' ')],
            "cntrl" => [(0, 0x1F), (0x7F, 0x7F)],
            "digit" => Digits,
            "graph" => [('!', '~')],
            "lower" => [('a', 'z')],
            "print" => [(' ', '~')],
            "punct" => [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
            "space" => [('\t', '\r'), (' ', ' ')],
            "upper" => [('A', 'Z')],
            "word" => Words,
            "xdigit" => [('0', '9'), ('A', 'F'), ('a', 'f')],
            _ => throw PatternError.At(at, "an unknown class within brackets"),
        };
        at += length + 4;
        if (negate)
        {
            set.AddComplement(ranges);
            return;
        }

        foreach (var (first, last) in ranges)
        {
            set.Add(first, last);
        }
    }

    private static CharSet AddUnicode(CharSet set, ReadOnlySpan<char> pattern, ref int at, bool negate)
    {
        var rest = pattern[at..];
        string name;
        if (rest.StartsWith("{"))
        {
            var close = rest.IndexOf('}');
            name = close < 0 ? "" : rest[1..close].ToString();
            at += close + 1;
        }
        else
        {
            name = rest.IsEmpty ? "" : rest[..1].ToString();
            at += name.Length;
        }

        if (name.StartsWith('^'))
        {
            negate = !negate;
            name = name[1..];
        }

        return UnicodeClasses.Find(name) is { } categories
            ? set.AddCategories(categories, negate)
            : throw PatternError.At(at, "a Unicode class that is not a general category (scripts are not supported)");
    }

    private static int ParseHex(ReadOnlySpan<char> pattern, ref int at)
    {
        var digits = pattern[at..];
        var skip = 0;
        if (digits.StartsWith("{"))
        {
            var close = digits.IndexOf('}');
            digits = close < 0 ? [] : digits[1..close];
            skip = 2;
        }
        else
        {
            digits = digits[..Math.Min(2, digits.Length)];
        }

        if (digits.Length is < 1 or > 8 || (skip == 0 && digits.Length != 2)
            || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || !Rune.IsValid(value))
        {
            throw PatternError.At(at, "a hexadecimal escape without a character");
        }

        at += digits.Length + skip;
        return value;
    }

    private static int ParseOctal(char first, ReadOnlySpan<char> pattern, ref int at)
    {
        var value = first - '0';
        for (var digits = 1; digits < 3 && at < pattern.Length && pattern[at] is >= '0' and <= '7'; digits++)
        {
            value = (value * 8) + pattern[at++] - '0';
        }

        return value;
    }
}
