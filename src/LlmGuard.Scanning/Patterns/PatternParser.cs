using System.Globalization;
using System.Text;

namespace LlmGuard.Scanning.Patterns;

/// <summary>
/// Parses the syntax of Go's <c>regexp</c> (RE2), in which policies are written. What that syntax lacks is refused with the reason.
/// </summary>
internal ref struct PatternParser
{
    private const int MaxDepth = 100;
    private const int MaxCount = 1000;

    private readonly ReadOnlySpan<char> _pattern;
    private int _at;
    private int _depth;
    private PatternFlags _flags;

    private PatternParser(string pattern) => _pattern = pattern;

    /// <exception cref="FormatException">The pattern is not valid. The message names the place and does not quote the pattern.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.ParseChoice();
        return parser._at == pattern.Length ? node : throw parser.Error("a closing parenthesis without an opening one");
    }

    private PatternNode ParseChoice()
    {
        if (++_depth > MaxDepth)
        {
            throw Error("groups nest deeper than 100");
        }

        var items = new List<PatternNode> { ParseSequence() };
        while (Next('|'))
        {
            items.Add(ParseSequence());
        }

        _depth--;
        return items.Count == 1 ? items[0] : new PatternNode.Choice(items);
    }

    private PatternNode ParseSequence()
    {
        var items = new List<PatternNode>();
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            if (TryParseQuoted(items))
            {
                continue;
            }

            if (ParseAtom() is { } atom)
            {
                items.Add(ParseRepeat(atom));
            }
        }

        return items.Count == 1 ? items[0] : new PatternNode.Sequence(items);
    }

    // \Q...\E
    private bool TryParseQuoted(List<PatternNode> items)
    {
        if (!_pattern[_at..].StartsWith(@"\Q"))
        {
            return false;
        }

        _at += 2;
        PatternNode? last = null;
        while (_at < _pattern.Length && !_pattern[_at..].StartsWith(@"\E"))
        {
            if (last is not null)
            {
                items.Add(last);
            }

            last = Literal(TakeRune());
        }

        // A repetition sign behind the quotation applies to its last character.
        _at = Math.Min(_at + 2, _pattern.Length);
        if (last is not null)
        {
            items.Add(ParseRepeat(last));
        }

        return true;
    }

    private PatternNode? ParseAtom()
    {
        var c = _pattern[_at];
        switch (c)
        {
            case '(':
                return ParseGroup();
            case '[':
                _at++;
                return new PatternNode.One(CharClassParser.Parse(_pattern, ref _at, _flags.HasFlag(PatternFlags.IgnoreCase)));
            case '.':
                _at++;
                var any = new CharSet();
                return new PatternNode.One(_flags.HasFlag(PatternFlags.DotAll)
                    ? any.Add(0, 0x10FFFF).Complete(false, false)
                    : any.Add('\n', '\n').Complete(isNegated: true, false));
            case '^':
                _at++;
                return new PatternNode.At(_flags.HasFlag(PatternFlags.MultiLine) ? PatternAssertion.LineStart : PatternAssertion.TextStart);
            case '$':
                _at++;
                return new PatternNode.At(_flags.HasFlag(PatternFlags.MultiLine) ? PatternAssertion.LineEnd : PatternAssertion.TextEnd);
            case '*' or '+' or '?':
                throw Error("a repetition sign with nothing before it");
            case '\\':
                return ParseEscape();
            default:
                return Literal(TakeRune());
        }
    }

    private PatternNode? ParseGroup()
    {
        _at++;
        var flags = _flags;
        if (Next('?'))
        {
            if (!ParseGroupStart())
            {
                return null;
            }
        }

        var inner = ParseChoice();
        if (!Next(')'))
        {
            throw Error("a parenthesis that is not closed");
        }

        _flags = flags;
        return inner;
    }

    /// <returns>Whether a group starts; false when the flags of the enclosing group were set.</returns>
    private bool ParseGroupStart()
    {
        var rest = _pattern[_at..];
        if (rest.StartsWith("=") || rest.StartsWith("!") || rest.StartsWith("<=") || rest.StartsWith("<!"))
        {
            throw Error("look-around, which cannot be matched in linear time");
        }

        if (rest.StartsWith(">"))
        {
            throw Error("an atomic group, which is not part of the syntax");
        }

        if (rest.StartsWith("P<") || rest.StartsWith("<"))
        {
            var close = rest.IndexOf('>');
            _at += close > 0 ? close + 1 : throw Error("a group name that is not closed");
            return true;
        }

        var isOn = true;
        while (_at < _pattern.Length)
        {
            var c = _pattern[_at++];
            switch (c)
            {
                case '-' when isOn:
                    isOn = false;
                    break;
                case 'i' or 'm' or 's' or 'U':
                    var flag = c switch
                    {
                        'i' => PatternFlags.IgnoreCase,
                        'm' => PatternFlags.MultiLine,
                        's' => PatternFlags.DotAll,
                        _ => PatternFlags.Ungreedy,
                    };
                    _flags = isOn ? _flags | flag : _flags & ~flag;
                    break;
                case ':':
                    return true;
                case ')':
                    return false;
                default:
                    throw Error("an unknown group flag");
            }
        }

        throw Error("a parenthesis that is not closed");
    }

    private PatternNode ParseEscape()
    {
        var escape = CharClassParser.ParseEscape(_pattern, ref _at, out var assertion, out var set);
        return assertion is { } condition ? new PatternNode.At(condition)
            : set is not null ? new PatternNode.One(set.Complete(isNegated: false, _flags.HasFlag(PatternFlags.IgnoreCase)))
            : Literal(escape);
    }

    private PatternNode ParseRepeat(PatternNode atom)
    {
        var repeats = 0;
        while (_at < _pattern.Length && TryParseCount(out var min, out var max))
        {
            if (++repeats > 1)
            {
                throw Error("a repetition of a repetition");
            }

            var isLazy = Next('?');
            if (_at < _pattern.Length && _pattern[_at] == '+')
            {
                throw Error("a possessive repetition, which is not part of the syntax");
            }

            atom = new PatternNode.Repeat(atom, min, max, isLazy != _flags.HasFlag(PatternFlags.Ungreedy));
        }

        return atom;
    }

    private bool TryParseCount(out int min, out int? max)
    {
        (min, max) = (0, null);
        switch (_pattern[_at])
        {
            case '*':
                _at++;
                return true;
            case '+':
                _at++;
                min = 1;
                return true;
            case '?':
                _at++;
                max = 1;
                return true;
            case '{':
                return TryParseBraces(ref min, ref max);
            default:
                return false;
        }
    }

    // A brace that starts no count is a character, as in Go.
    private bool TryParseBraces(ref int min, ref int? max)
    {
        var close = _pattern[_at..].IndexOf('}');
        if (close < 0)
        {
            return false;
        }

        var inner = _pattern[(_at + 1)..(_at + close)];
        var comma = inner.IndexOf(',');
        if (!TryNumber(comma < 0 ? inner : inner[..comma], out min))
        {
            return false;
        }

        if (comma < 0)
        {
            max = min;
        }
        else if (comma < inner.Length - 1)
        {
            if (!TryNumber(inner[(comma + 1)..], out var most))
            {
                return false;
            }

            max = most;
        }

        if (min > MaxCount || max > MaxCount || max < min)
        {
            throw Error("a count that is above 1000 or out of order");
        }

        _at += close + 1;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out int value) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private readonly PatternNode.One Literal(int codePoint) =>
        new(CharSet.Of(codePoint).Complete(isNegated: false, _flags.HasFlag(PatternFlags.IgnoreCase)));

    private int TakeRune()
    {
        if (Rune.DecodeFromUtf16(_pattern[_at..], out var rune, out var count) != System.Buffers.OperationStatus.Done)
        {
            throw Error("a lone surrogate");
        }

        _at += count;
        return rune.Value;
    }

    private bool Next(char c)
    {
        if (_at < _pattern.Length && _pattern[_at] == c)
        {
            _at++;
            return true;
        }

        return false;
    }

    private readonly FormatException Error(string what) => PatternError.At(_at, what);
}

/// <summary>The flags of a group.</summary>
[Flags]
internal enum PatternFlags
{
    None = 0,
    IgnoreCase = 1,
    MultiLine = 2,
    DotAll = 4,
    Ungreedy = 8,
}
