using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Queries;

/// <summary>
/// Recognises a text that is one whole path of XPath, as it is given to tools that read pages: steps with names, and predicates that count or compare
/// what the step names with a constant. It broke out of nothing. Wildcards, nodes of any name and conditions of constants alone, by which attacks
/// walk through documents that they do not know, are not of this grammar.
/// </summary>
internal ref struct XpathQuery
{
    private const int Longest = 256;
    private const int Deepest = 4;

    private static readonly WordTable<bool> Axes = new((
        "ancestor descendant child parent following following-sibling preceding preceding-sibling self descendant-or-self ancestor-or-self", true));

    // What is asked about a step, without arguments or with a path and constants.
    private static readonly WordTable<bool> Functions = new((
        "contains starts-with ends-with normalize-space text position last not translate concat local-name", true));

    private static readonly WordTable<bool> Outer = new(("string normalize-space count sum number", true));

    private readonly ReadOnlySpan<byte> _text;
    private int _at;

    private XpathQuery(ReadOnlySpan<byte> text) => _text = text;

    /// <param name="text">The text, in lower case.</param>
    public static bool IsWhole(ReadOnlySpan<byte> text)
    {
        text = text.Trim((byte)' ');
        if (text.Length is 0 or > Longest)
        {
            return false;
        }

        var open = text.IndexOf((byte)'(');
        if (open > 0 && text[^1] == ')' && Outer.Contains(text[..open]))
        {
            text = text[(open + 1)..^1];
        }

        var reader = new XpathQuery(text);
        return text is [(byte)'/' or (byte)'.' or (byte)'(', ..] && reader.Alternatives() && reader._at == text.Length;
    }

    // "//book | //magazine", "(//div[@class='x'])[1]".
    private bool Alternatives()
    {
        do
        {
            Blanks();
            var isGroup = Take((byte)'(');
            if (_at < _text.Length && _text[_at] is not ((byte)'/' or (byte)'.') || !Path(Deepest)
                || (isGroup && !(Take((byte)')') && (!Take((byte)'[') || (Number() || TakeWord("last()"u8)) && Take((byte)']')))))
            {
                return false;
            }

            Blanks();
        }
        while (Take((byte)'|'));

        return true;
    }

    // At least one step has a name, or a predicate on an attribute.
    private bool Path(int depth)
    {
        var isNamed = false;
        _ = Take((byte)'.');
        var hasSlash = TakeSlashes();
        do
        {
            if (Take((byte)'@'))
            {
                return Name().Length > 0 && isNamed | hasSlash;
            }

            if (!Step(depth, ref isNamed))
            {
                return false;
            }
        }
        while (TakeSlashes());

        return isNamed;
    }

    private bool Step(int depth, ref bool isNamed)
    {
        if (_text[_at..].StartsWith("text()"u8))
        {
            _at += "text()".Length;
            return isNamed;
        }

        if (_text[_at..].StartsWith(".."u8))
        {
            _at += 2;
            return isNamed;
        }

        var isAny = _text[_at..].StartsWith("*[@"u8) || _text[_at..].StartsWith("*[local-name()="u8);
        var name = isAny ? _text.Slice(_at++, 1) : Name();
        if (!isAny && _text[_at..].StartsWith("::"u8))
        {
            _at += 2;
            if (!Axes.Contains(name) || (name = Name()).IsEmpty)
            {
                return false;
            }
        }

        isNamed = true;
        while (Take((byte)'['))
        {
            if (!Condition(depth - 1) || !Take((byte)']'))
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }

    // "2", "@a='x' and position()>1", "contains(@href,'x') or not(@b)".
    private bool Condition(int depth)
    {
        if (depth == 0)
        {
            return false;
        }

        var start = _at;
        if (Number() && _at < _text.Length && _text[_at] == ']')
        {
            return true;
        }

        _at = start;
        do
        {
            Blanks();
            if (!Operand(depth))
            {
                return false;
            }

            Blanks();
            if (TakeComparison() && !Constant() && !TakeWord("last()"u8))
            {
                return false;
            }

            Blanks();
        }
        while (TakeWord("and "u8) || TakeWord("or "u8));

        return true;
    }

    private bool Operand(int depth)
    {
        if (Take((byte)'@'))
        {
            return Name().Length > 0;
        }

        var start = _at;
        var function = Name();
        if (!function.IsEmpty && Take((byte)'('))
        {
            return Functions.Contains(function) && Arguments(depth - 1);
        }

        _at = start;
        if (Take((byte)'.') && (_at == _text.Length || _text[_at] != '/'))
        {
            // The step itself.
            return true;
        }

        _at = start;
        return depth > 1 && Path(depth - 1);
    }

    private bool Arguments(int depth)
    {
        for (Blanks(); !Take((byte)')'); Blanks())
        {
            if (depth == 0 || !(Constant() || Operand(depth)))
            {
                return false;
            }

            Blanks();
            _ = TakeComparison() && Constant();
            _ = Take((byte)',');
        }

        return true;
    }

    private bool Constant()
    {
        Blanks();
        if (_at == _text.Length)
        {
            return false;
        }

        if (_text[_at] is not ((byte)'\'' or (byte)'"'))
        {
            return Number();
        }

        var length = _text[(_at + 1)..].IndexOf(_text[_at]);
        _at += length + 2;
        return length >= 0;
    }

    private bool Number()
    {
        var start = _at;
        while (_at < _text.Length && (AsciiByte.IsDigit(_text[_at]) || (_text[_at] == '.' && _at > start)))
        {
            _at++;
        }

        return _at > start;
    }

    private ReadOnlySpan<byte> Name()
    {
        var start = _at;
        while (_at < _text.Length && (AsciiByte.IsAlphanumeric(_text[_at]) || _text[_at] is (byte)'-' or (byte)'_' or >= 0x80
            || (_text[_at] == ':' && _at + 1 < _text.Length && AsciiByte.IsLetter(_text[_at + 1]) && _text[_at - (_at > start ? 1 : 0)] != ':')))
        {
            _at++;
        }

        return _at > start && AsciiByte.IsDigit(_text[start]) ? [] : _text[start.._at];
    }

    private bool TakeSlashes() => Take((byte)'/') && (Take((byte)'/') || true);

    private bool TakeComparison()
    {
        var start = _at;
        while (_at < _text.Length && _at < start + 2 && _text[_at] is (byte)'=' or (byte)'<' or (byte)'>' or (byte)'!')
        {
            _at++;
        }

        return _at > start;
    }

    private bool TakeWord(ReadOnlySpan<byte> word)
    {
        var isThere = _text[_at..].StartsWith(word);
        _at += isThere ? word.Length : 0;
        return isThere;
    }

    private bool Take(byte sign)
    {
        var isThere = _at < _text.Length && _text[_at] == sign;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private void Blanks()
    {
        while (Take((byte)' '))
        {
        }
    }
}
