namespace LlmGuard.Scanning.Lexing.Script;

/// <summary>
/// Splits a text into the tokens of JavaScript (ECMA-262, clause 12, with the comments of annex B). Every text has tokens, well-formed or not, and
/// they cover it. Every byte is looked at a bounded number of times. For one thread at a time.
/// </summary>
/// <remarks>
/// Whether a slash divides or begins an expression depends on the grammar, which a lexer does not know. The token before it tells, but for two signs:
/// behind a closing parenthesis it depends on the word before the opening one (<c>if (a) /b/</c>), and behind a closing brace on whether the opening
/// one stood where a value does, which is an object, or where a statement does. Both are kept while they are open.
/// </remarks>
internal sealed class ScriptLexer
{
    /// <summary>How often in a line a slash is tried as the start of an expression that the line does not end.</summary>
    private const int MostOpenExpressions = 4;

    private readonly List<Opened> _open = [];
    private List<ScriptToken> _tokens = [];
    private Before _before;
    private int _last;
    private int _openExpressions;

    private enum Opened : byte
    {
        Block,
        Object,
        Parenthesis,

        /// <summary>A parenthesis behind a word after which a statement follows: <c>if</c>, <c>while</c>, <c>for</c>, <c>with</c>.</summary>
        Condition,

        /// <summary>An expression within a template.</summary>
        Template,
    }

    // What the last token that is no blank or comment was, as far as a slash behind it is concerned.
    private enum Before : byte
    {
        Start,
        Value,
        Operator,
        ConditionWord,
    }

    private static readonly WordTable<Before> Words = new(
        ("return typeof case in of delete void throw new do else instanceof yield await default extends", Before.Operator),
        ("if while for with", Before.ConditionWord));

    /// <summary>Steps taken since the start: bytes looked at.</summary>
    public long Steps { get; private set; }

    /// <summary>Reads a part of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="tokens">Receives the tokens, with offsets in the whole text, behind what it holds.</param>
    public void Read(ReadOnlySpan<byte> text, int start, int end, List<ScriptToken> tokens)
    {
        (_tokens, _before, _last, _openExpressions) = (tokens, Before.Start, -1, 0);
        _open.Clear();
        text = text[..end];
        for (var at = start; at < end;)
        {
            var next = Next(text, at, start);
            Steps += next - at;
            at = next;
        }

        _tokens = [];
    }

    private int Next(ReadOnlySpan<byte> text, int at, int start)
    {
        var b = text[at];
        var next = at + 1 < text.Length ? text[at + 1] : (byte)0;
        switch (b)
        {
            case (byte)'\n':
                _openExpressions = 0;
                return Add(ScriptTokenKind.Line, at, at + 1);
            case (byte)'\r' when next == '\n':
                _openExpressions = 0;
                return Add(ScriptTokenKind.Line, at, at + 2);
            case (byte)'/' when next == '/':
            case (byte)'#' when next == '!' && at == start:
            case (byte)'<' when next == '!' && text[at..].StartsWith("<!--"u8):
                return Add(ScriptTokenKind.Comment, at, LineEnd(text, at));
            case (byte)'/' when next == '*':
                var close = text[(at + 2)..].IndexOf("*/"u8);
                return Add(ScriptTokenKind.Comment, at, close < 0 ? text.Length : at + close + 4, close < 0);
            case (byte)'/' when _before != Before.Value && RegexEnd(text, at) is > 0 and var regex:
                return Add(ScriptTokenKind.Regex, at, regex, isOpen: false, Before.Value);
            case (byte)'"' or (byte)'\'':
                return ReadText(text, at, b);
            case (byte)'`':
                return ReadTemplate(text, at);
            case (byte)'{':
                _open.Add(IsValueNext(text) ? Opened.Object : Opened.Block);
                return Add(ScriptTokenKind.Symbol, at, at + 1, isOpen: false, Before.Operator);
            case (byte)'}':
                return ReadClosingBrace(text, at);
            case (byte)'(':
                _open.Add(_before == Before.ConditionWord ? Opened.Condition : Opened.Parenthesis);
                return Add(ScriptTokenKind.Symbol, at, at + 1, isOpen: false, Before.Operator);
            case (byte)')':
                var before = Pop(isBrace: false) == Opened.Condition ? Before.Operator : Before.Value;
                return Add(ScriptTokenKind.Symbol, at, at + 1, isOpen: false, before);
            case (byte)']':
                return Add(ScriptTokenKind.Symbol, at, at + 1, isOpen: false, Before.Value);
            case <= (byte)' ' or 0x7F:
                return ReadBlank(text, at);
            default:
                return ReadWordOrSymbol(text, at, b, next);
        }
    }

    private int ReadWordOrSymbol(ReadOnlySpan<byte> text, int at, byte b, byte next)
    {
        if (AsciiByte.IsDigit(b) || (b == '.' && AsciiByte.IsDigit(next)))
        {
            return ReadNumber(text, at);
        }

        var end = ScriptNames.End(text, b == '#' ? at + 1 : at);
        if (end > at + (b == '#' ? 1 : 0))
        {
            // A property may have the name of a keyword.
            var isProperty = _tokens.Count > 0 && _tokens[^1] is { Kind: ScriptTokenKind.Symbol } dot && text[dot.Start] == '.' && dot.End == at;
            var before = !isProperty && Words.TryFind(text[at..end], out var word) ? word : Before.Value;
            return Add(ScriptTokenKind.Name, at, end, isOpen: false, before);
        }

        // "a++ / b" divides.
        var isStep = b is (byte)'+' or (byte)'-' && _before == Before.Operator && _tokens[^1] is { Kind: ScriptTokenKind.Symbol } sign
            && sign.End == at && text[sign.Start] == b && IsBehindValue();
        return Add(ScriptTokenKind.Symbol, at, at + 1, isOpen: false, isStep ? Before.Value : Before.Operator);
    }

    // Whether a value stands behind the last token, and no statement: "= {", "({", "return {"; not "=> {", "; {", "else {".
    private bool IsValueNext(ReadOnlySpan<byte> text)
    {
        if (_before != Before.Operator || _last < 0)
        {
            return false;
        }

        var last = _tokens[_last];
        return last.Kind switch
        {
            ScriptTokenKind.Symbol => text[last.Start] is not ((byte)';' or (byte)'{' or (byte)'}' or (byte)')' or (byte)'>'),
            ScriptTokenKind.Name => !text[last.Start..last.End].SequenceEqual("do"u8) && !text[last.Start..last.End].SequenceEqual("else"u8),
            _ => true,
        };
    }

    // Whether a value stands before the sign that was read last.
    private bool IsBehindValue()
    {
        var at = _tokens.Count - 2;
        return at >= 0 && _tokens[at].Kind is ScriptTokenKind.Name or ScriptTokenKind.Number;
    }

    private int Add(ScriptTokenKind kind, int start, int end, bool isOpen = false)
    {
        _tokens.Add(new ScriptToken(kind, start, end, isOpen));
        return end;
    }

    private int Add(ScriptTokenKind kind, int start, int end, bool isOpen, Before before)
    {
        (_before, _last) = (before, _tokens.Count);
        return Add(kind, start, end, isOpen);
    }

    private int ReadBlank(ReadOnlySpan<byte> text, int at)
    {
        var end = at + 1;
        while (end < text.Length && (text[end] is <= (byte)' ' or 0x7F) && text[end] != '\n'
            && !(text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n'))
        {
            end++;
        }

        return Add(ScriptTokenKind.Blank, at, end);
    }

    private int ReadNumber(ReadOnlySpan<byte> text, int at)
    {
        var end = at + 1;
        var isHex = at + 1 < text.Length && text[at] == '0' && (text[at + 1] | 0x20) == 'x';
        while (end < text.Length && (AsciiByte.IsAlphanumeric(text[end]) || text[end] is (byte)'_' or (byte)'.'
            || (!isHex && text[end] is (byte)'+' or (byte)'-' && text[end - 1] is (byte)'e' or (byte)'E')))
        {
            // "1..toString()" and "1.5.a": a number has one point.
            if (text[end] == '.' && text[at..end].Contains((byte)'.'))
            {
                break;
            }

            end++;
        }

        return Add(ScriptTokenKind.Number, at, end, isOpen: false, Before.Value);
    }

    private int ReadText(ReadOnlySpan<byte> text, int at, byte quote)
    {
        for (var i = at + 1; i < text.Length; i++)
        {
            var b = text[i];
            if (b == quote)
            {
                return Add(ScriptTokenKind.Text, at, i + 1, isOpen: false, Before.Value);
            }

            if (b == '\n')
            {
                return Add(ScriptTokenKind.Text, at, i, isOpen: true, Before.Value);
            }

            // A backslash takes the next byte with it, and both of a line's end.
            i += b == '\\' ? i + 2 < text.Length && text[i + 1] == '\r' && text[i + 2] == '\n' ? 2 : 1 : 0;
        }

        return Add(ScriptTokenKind.Text, at, text.Length, isOpen: true, Before.Value);
    }

    private int ReadTemplate(ReadOnlySpan<byte> text, int at)
    {
        for (var i = at + 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'`':
                    return Add(ScriptTokenKind.Template, at, i + 1, isOpen: false, Before.Value);
                case (byte)'$' when i + 1 < text.Length && text[i + 1] == '{':
                    _open.Add(Opened.Template);
                    return Add(ScriptTokenKind.Template, at, i + 2, isOpen: false, Before.Operator);
                case (byte)'\\':
                    i++;
                    break;
            }
        }

        return Add(ScriptTokenKind.Template, at, text.Length, isOpen: true, Before.Value);
    }

    private int ReadClosingBrace(ReadOnlySpan<byte> text, int at)
    {
        var closed = Pop(isBrace: true);
        return closed == Opened.Template ? ReadTemplate(text, at)
            : Add(ScriptTokenKind.Symbol, at, at + 1, isOpen: false, closed == Opened.Object ? Before.Value : Before.Operator);
    }

    // What a closing sign closes, if that was opened last; what is closed without having been opened changes nothing.
    private Opened Pop(bool isBrace)
    {
        if (_open.Count == 0 || (_open[^1] is Opened.Parenthesis or Opened.Condition) == isBrace)
        {
            return isBrace ? Opened.Block : Opened.Parenthesis;
        }

        var last = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        return last;
    }

    // An expression ends in its line; a slash within brackets does not end it.
    private int RegexEnd(ReadOnlySpan<byte> text, int at)
    {
        if (_openExpressions == MostOpenExpressions)
        {
            return 0;
        }

        var isInClass = false;
        int i;
        for (i = at + 1; i < text.Length && text[i] != '\n'; i++)
        {
            switch (text[i])
            {
                case (byte)'\\' when i + 1 < text.Length && text[i + 1] != '\n':
                    i++;
                    break;
                case (byte)'[':
                    isInClass = true;
                    break;
                case (byte)']':
                    isInClass = false;
                    break;
                case (byte)'/' when !isInClass:
                    return ScriptNames.End(text, i + 1);
            }
        }

        _openExpressions++;
        Steps += i - at;
        return 0;
    }

    private static int LineEnd(ReadOnlySpan<byte> text, int at)
    {
        var line = text[at..].IndexOf((byte)'\n');
        return line < 0 ? text.Length : line > 0 && text[at + line - 1] == '\r' ? at + line - 1 : at + line;
    }
}
