namespace LlmGuard.Scanning.Lexing.Sql;

/// <summary>Divides a text into the tokens that a database would see. Linear: every byte is looked at a bounded number of times.</summary>
/// <param name="text">The text, its ASCII letters in lower case.</param>
/// <param name="dialect">One dialect.</param>
internal ref struct SqlLexer(ReadOnlySpan<byte> text, SqlDialects dialect)
{
    // Names in brackets are no longer in any database.
    private const int LongestName = 128;

    // The number of a version before what an executable comment holds has five digits or six; fewer are a number of the statement.
    private const int LeastVersion = 5;
    private const int MostVersion = 6;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;
    private bool _afterComment;
    private bool _isExecutable;

    /// <summary>Where the lexer stands, for tests of the work it does.</summary>
    public readonly int Position => _at;

    /// <summary>Reads all tokens.</summary>
    /// <param name="quote">The quote that was opened before the text begins, or 0.</param>
    /// <param name="tokens">Receives them.</param>
    public void ReadAll(byte quote, List<SqlToken> tokens)
    {
        tokens.Clear();
        if (quote != 0)
        {
            tokens.Add(ReadText(0, 0, quote));
        }

        while (Next() is { Kind: not SqlKind.End } token)
        {
            tokens.Add(token);
        }
    }

    private readonly int Peek(int offset) => _at + offset < _text.Length ? _text[_at + offset] : -1;

    private SqlToken Next()
    {
        while (_at < _text.Length)
        {
            var b = _text[_at];
            if (b <= ' ' || b == 0xA0 || (b == 0xC2 && Peek(1) == 0xA0))
            {
                _at++;
            }
            else if (b == '/' && Peek(1) == '*')
            {
                if (SkipBlockComment() is { Kind: not SqlKind.End } open)
                {
                    return open;
                }
            }
            else if (_isExecutable && b == '*' && Peek(1) == '/')
            {
                (_isExecutable, _afterComment) = (false, true);
                _at += 2;
            }
            else
            {
                return Read(b);
            }
        }

        return default;
    }

    private SqlToken Read(byte b)
    {
        var start = _at;
        switch (b)
        {
            case (byte)'\'' or (byte)'"':
                return ReadText(start, start + 1, b);
            case (byte)'`' when dialect is SqlDialects.MySql or SqlDialects.Sqlite or SqlDialects.Generic:
                var close = _text[(start + 1)..].IndexOf((byte)'`');
                return Make(close < 0 ? SqlKind.Other : SqlKind.Word, start, close < 0 ? start + 1 : start + close + 2);
            case (byte)'[' when dialect is SqlDialects.SqlServer or SqlDialects.Sqlite && IsNameStart(Peek(1)):
                var bracket = _text.Slice(start + 1, Math.Min(LongestName, _text.Length - start - 1)).IndexOf((byte)']');
                return bracket >= 0 ? Make(SqlKind.Word, start, start + bracket + 2) : Make(SqlKind.Other, start, start + 1);
            case (byte)'$' when dialect == SqlDialects.PostgreSql && Peek(1) == '$':
                var dollars = _text[(start + 2)..].IndexOf("$$"u8);
                return Make(SqlKind.Text, start, dollars < 0 ? _text.Length : start + dollars + 4, isOpen: dollars < 0);
            case (byte)'#' when dialect == SqlDialects.MySql:
            case (byte)'-' when Peek(1) == '-' && (dialect != SqlDialects.MySql || Peek(2) is -1 or <= ' '):
                return ReadLineComment(start);
            case (byte)',':
                return Make(SqlKind.Comma, start, start + 1);
            case (byte)'(':
                return Make(SqlKind.Open, start, start + 1);
            case (byte)')':
                return Make(SqlKind.Close, start, start + 1);
            case (byte)';':
                return Make(SqlKind.Semicolon, start, start + 1);
            case (byte)'@':
                return Make(SqlKind.Variable, start, EndOfName(Peek(1) == '@' ? start + 2 : start + 1));
            case (byte)'q' when dialect == SqlDialects.Oracle && Peek(1) == '\'' && Peek(2) > ' ':
                return ReadAlternativeQuote(start);
            case >= (byte)'0' and <= (byte)'9':
            case (byte)'.' when AsciiByte.IsDigit(Peek(1)):
                return ReadNumber(start);
            default:
                return IsNameStart(b) ? ReadWord(start) : ReadOperator(start, b);
        }
    }

    private SqlToken Make(SqlKind kind, int start, int end, SqlWord word = SqlWord.None, bool isOpen = false)
    {
        _at = end;
        var token = new SqlToken(kind, word, start, end, isOpen, _afterComment, _isExecutable);
        _afterComment = false;
        return token;
    }

    private SqlToken SkipBlockComment()
    {
        var start = _at;
        if (dialect == SqlDialects.MySql && (Peek(2) == '!' || (Peek(2) == 'm' && Peek(3) == '!')))
        {
            // MySQL runs what stands in it, from the version that the number names; no server is as new as some numbers say.
            _at += Peek(2) == '!' ? 3 : 4;
            var digits = _text[_at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            digits = digits < 0 ? _text.Length - _at : digits;
            var isFuture = digits >= LeastVersion && _text[_at] == '9' && _text[_at + 1] == '9';
            _at += digits >= LeastVersion ? Math.Min(digits, MostVersion) : 0;
            if (!isFuture)
            {
                (_isExecutable, _afterComment) = (true, true);
                return default;
            }
        }

        var end = EndOfBlockComment(_at == start ? start + 2 : _at);
        if (end < 0)
        {
            return Make(SqlKind.Comment, start, _text.Length, isOpen: true);
        }

        _afterComment = true;
        _at = end;
        return default;
    }

    // Where PostgreSQL and SQL Server count the comments within a comment, the others end it with the first sign that ends one.
    private readonly int EndOfBlockComment(int at)
    {
        var isNested = dialect is SqlDialects.PostgreSql or SqlDialects.SqlServer;
        for (var depth = 1; at < _text.Length && _text[at..].IndexOf((byte)'*') is >= 0 and var star;)
        {
            at += star;

            // In "/*/" the star belongs to the slash before it.
            var isOpening = isNested && star > 0 && _text[at - 1] == '/';
            var isClosing = !isOpening && at + 1 < _text.Length && _text[at + 1] == '/';
            depth += isOpening ? 1 : isClosing ? -1 : 0;
            at += isClosing ? 2 : 1;
            if (depth == 0)
            {
                return at;
            }
        }

        return -1;
    }

    private SqlToken ReadLineComment(int start)
    {
        var length = _text[start..].IndexOf((byte)'\n');
        return Make(SqlKind.Comment, start, length < 0 ? _text.Length : start + length);
    }

    private SqlToken ReadText(int start, int from, byte quote)
    {
        var at = from;
        while (true)
        {
            var found = dialect == SqlDialects.MySql ? _text[at..].IndexOfAny(quote, (byte)'\\') : _text[at..].IndexOf(quote);
            if (found < 0)
            {
                return Make(SqlKind.Text, start, _text.Length, isOpen: true);
            }

            at += found;
            if (_text[at] == '\\')
            {
                at = Math.Min(at + 2, _text.Length);
            }
            else if (at + 1 < _text.Length && _text[at + 1] == quote && at > from)
            {
                at += 2;
            }
            else
            {
                return Make(SqlKind.Text, start, at + 1);
            }
        }
    }

    private SqlToken ReadAlternativeQuote(int start)
    {
        var close = _text[start + 2] switch
        {
            (byte)'[' => (byte)']',
            (byte)'(' => (byte)')',
            (byte)'{' => (byte)'}',
            (byte)'<' => (byte)'>',
            var other => other,
        };
        for (var at = start + 3; at < _text.Length - 1; at++)
        {
            if (_text[at] == close && _text[at + 1] == '\'')
            {
                return Make(SqlKind.Text, start, at + 2);
            }
        }

        return Make(SqlKind.Text, start, _text.Length, isOpen: true);
    }

    private SqlToken ReadNumber(int start)
    {
        var at = start;
        if (_text[at] == '0' && at + 2 < _text.Length && _text[at + 1] == 'x' && AsciiByte.IsHex(_text[at + 2]))
        {
            for (at += 2; at < _text.Length && AsciiByte.IsHex(_text[at]); at++)
            {
            }

            return Make(SqlKind.Number, start, at);
        }

        while (at < _text.Length && (AsciiByte.IsDigit(_text[at]) || _text[at] == '.'))
        {
            at++;
        }

        if (at + 1 < _text.Length && _text[at] == 'e' && (AsciiByte.IsDigit(_text[at + 1])
            || (_text[at + 1] is (byte)'-' or (byte)'+' && at + 2 < _text.Length && AsciiByte.IsDigit(_text[at + 2]))))
        {
            for (at += 2; at < _text.Length && AsciiByte.IsDigit(_text[at]); at++)
            {
            }
        }

        // Letters right behind digits are a name such as 4you, unless they are a keyword, which databases separate: 1union.
        var end = EndOfName(at);
        return end > at && !(SqlWords.Table.TryFind(_text[at..end], out var word) && word <= SqlWord.Having)
            ? Make(SqlKind.Word, start, end)
            : Make(SqlKind.Number, start, at);
    }

    private SqlToken ReadWord(int start)
    {
        var end = EndOfName(start);
        var name = _text[start..end];
        if (!SqlWords.Table.TryFind(name, out var word))
        {
            word = name.StartsWith("information_schema."u8) || name.StartsWith("mysql."u8) ? SqlWord.Catalog : SqlWord.None;
        }

        var kind = word switch
        {
            SqlWord.And or SqlWord.Or or SqlWord.Xor => SqlKind.Logic,
            SqlWord.Like or SqlWord.Is or SqlWord.In or SqlWord.Between => SqlKind.Comparison,
            SqlWord.Equal => SqlKind.Operator,
            _ => SqlKind.Word,
        };
        return Make(kind, start, end, word);
    }

    private SqlToken ReadOperator(int start, byte b)
    {
        var next = Peek(1);
        switch (b)
        {
            case (byte)'|' when next == '|':
                return Make(SqlKind.Logic, start, start + 2, SqlWord.Pipes);
            case (byte)'&' when next == '&':
                return Make(SqlKind.Logic, start, start + 2, SqlWord.And);
            case (byte)'=' or (byte)'<' or (byte)'>':
            case (byte)'!' or (byte)'^' or (byte)'~' when next == '=':
                var end = start + 1;
                while (end < _text.Length && end - start < 3 && _text[end] is (byte)'=' or (byte)'<' or (byte)'>')
                {
                    end++;
                }

                return Make(SqlKind.Comparison, start, end, SqlWord.Equal);
            case (byte)'!':
                return Make(SqlKind.Word, start, start + 1, SqlWord.Not);
            case (byte)'+' or (byte)'-' or (byte)'*' or (byte)'/' or (byte)'%' or (byte)'|' or (byte)'&' or (byte)'^' or (byte)'~':
                return Make(SqlKind.Operator, start, start + 1);
            default:
                return Make(SqlKind.Other, start, start + 1);
        }
    }

    // Names go on over dots: information_schema.tables is one.
    private readonly int EndOfName(int at)
    {
        while (at < _text.Length && (IsNameStart(_text[at]) || AsciiByte.IsDigit(_text[at]) || _text[at] == '$'
            || (_text[at] == '.' && at + 1 < _text.Length && (IsNameStart(_text[at + 1]) || _text[at + 1] == '.'))))
        {
            at++;
        }

        return at;
    }

    private static bool IsNameStart(int b) => AsciiByte.IsLower(b) || AsciiByte.IsUpper(b) || b is '_' or >= 0x80;
}
