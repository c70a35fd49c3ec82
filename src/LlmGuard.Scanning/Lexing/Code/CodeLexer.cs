namespace LlmGuard.Scanning.Lexing.Code;

/// <summary>Splits a program into tokens. Comments and blanks are left out. Every byte is looked at a bounded number of times.</summary>
internal ref struct CodeLexer(ReadOnlySpan<byte> text, CodeSyntax syntax)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>Adds the tokens of a part of the text to a list.</summary>
    /// <param name="start">Where the part begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="tokens">Receives the tokens, with offsets in the whole text.</param>
    public readonly void Read(int start, int end, List<CodeToken> tokens)
    {
        var at = start;
        while (at < end)
        {
            var b = _text[at];
            if (b is (byte)'\n')
            {
                tokens.Add(new CodeToken(CodeTokenKind.Line, at, ++at));
            }
            else if (b <= ' ')
            {
                at++;
            }
            else if (b == '<' && at + 1 < end && _text[at + 1] == '?')
            {
                // Where PHP begins, a statement does.
                tokens.Add(new CodeToken(CodeTokenKind.Line, at, at + 2));
                at += _text[at..end].StartsWith("<?php"u8) ? 5 : 2;
            }
            else if (IsNamePart(b) && !AsciiByte.IsDigit(b))
            {
                at = ReadName(at, end, tokens);
            }
            else if (AsciiByte.IsDigit(b))
            {
                var from = at;
                while (at < end && (IsNamePart(_text[at]) || (_text[at] == '.' && at + 1 < end && AsciiByte.IsDigit(_text[at + 1]))))
                {
                    at++;
                }

                tokens.Add(new CodeToken(CodeTokenKind.Number, from, at));
            }
            else if (CommentEnd(at, end) is > 0 and var after)
            {
                at = after;
            }
            else
            {
                at = ReadQuotedOrSymbol(at, at, end, isTemplate: false, tokens);
            }
        }
    }

    /// <summary>Whether a byte belongs to names: letters, digits, underscores and everything that is not ASCII.</summary>
    public static bool IsNamePart(byte b) => AsciiByte.IsAlphanumeric(b) || b == '_' || b >= 0x80;

    private readonly int ReadName(int at, int end, List<CodeToken> tokens)
    {
        var from = at;
        while (at < end && (IsNamePart(_text[at]) || (_text[at] == '-' && at + 1 < end
            && AsciiByte.IsLetter(_text[at + 1]) && at - from >= 2 && IsVerb(from, at))))
        {
            at++;
        }

        // A prefix of a string: f"...", rb'...', B"..." and the like.
        if (at < end && at - from <= 2 && _text[at] is (byte)'"' or (byte)'\'' && IsPrefix(_text[from..at]))
        {
            return ReadQuotedOrSymbol(from, at, end, _text[from..at].IndexOfAny((byte)'f', (byte)'F') >= 0, tokens);
        }

        tokens.Add(new CodeToken(CodeTokenKind.Name, from, at));
        return at;
    }

    // Cmdlets: Invoke-Expression and so on. Elsewhere a hyphen is a sign.
    private readonly bool IsVerb(int start, int end)
    {
        var verb = _text[start..end];
        return verb.Length is >= 3 and <= 7 && (Is(verb, "invoke"u8) || Is(verb, "start"u8) || Is(verb, "new"u8) || Is(verb, "remove"u8)
            || Is(verb, "add"u8) || Is(verb, "set"u8) || Is(verb, "get"u8));
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowerCase) => System.Text.Ascii.EqualsIgnoreCase(name, lowerCase);

    private static bool IsPrefix(ReadOnlySpan<byte> name)
    {
        foreach (var b in name)
        {
            if ((b | 0x20) is not ('f' or 'r' or 'b' or 'u'))
            {
                return false;
            }
        }

        return true;
    }

    private readonly int CommentEnd(int at, int end)
    {
        var b = _text[at];
        var next = at + 1 < end ? _text[at + 1] : 0;
        if ((b == '#' && syntax.HasHashComments) || (b == '/' && next == '/' && syntax.HasSlashComments)
            || (b == '-' && next == '-' && syntax.HasDashComments))
        {
            var line = _text[at..end].IndexOf((byte)'\n');
            return line < 0 ? end : at + line;
        }

        if (b == '/' && next == '*' && (syntax.HasSlashComments || syntax.HasDashComments))
        {
            var close = _text[(at + 2)..end].IndexOf("*/"u8);
            return close < 0 ? end : at + 2 + close + 2;
        }

        return 0;
    }

    private readonly int ReadQuotedOrSymbol(int from, int at, int end, bool isTemplate, List<CodeToken> tokens)
    {
        var quote = _text[at];
        var kind = quote switch
        {
            (byte)'"' => isTemplate || HasSigil(from) ? CodeTokenKind.Template : syntax.DoubleQuotes,
            (byte)'\'' when from < at || IsQuote(at, end) => isTemplate ? CodeTokenKind.Template : CodeTokenKind.Text,
            (byte)'`' => syntax.Backtick,
            _ => CodeTokenKind.Symbol,
        };
        if (kind == CodeTokenKind.Symbol)
        {
            tokens.Add(new CodeToken(kind, at, at + 1));
            return at + 1;
        }

        var isTriple = syntax.HasTripleQuotes && quote != '`' && at + 2 < end && _text[at + 1] == quote && _text[at + 2] == quote;
        var close = isTriple ? TripleEnd(at, end) : QuotedEnd(at, end, quote == '`');
        tokens.Add(new CodeToken(kind, from, close));
        return close;
    }

    // In C# a dollar sign makes a template of a string.
    private readonly bool HasSigil(int from) =>
        from > 0 && (_text[from - 1] == '$' || (_text[from - 1] == '@' && from > 1 && _text[from - 2] == '$'));

    // An apostrophe within a word is none, and a Rust lifetime has no end.
    private readonly bool IsQuote(int at, int end)
    {
        if (at > 0 && AsciiByte.IsLetter(_text[at - 1]) && !syntax.HasCharacters && at + 1 < end && AsciiByte.IsLetter(_text[at + 1])
            && syntax == CodeSyntax.Of(CodeLanguages.None))
        {
            return false;
        }

        return !syntax.HasCharacters || _text.Slice(at + 1, Math.Min(10, end - at - 1)).IndexOf((byte)'\'') >= 0;
    }

    private readonly int TripleEnd(int at, int end)
    {
        var quotes = _text.Slice(at, 3);
        var close = _text[(at + 3)..end].IndexOf(quotes);
        return close < 0 ? end : at + 3 + close + 3;
    }

    private readonly int QuotedEnd(int at, int end, bool hasLines)
    {
        var quote = _text[at];
        for (var i = at + 1; i < end; i++)
        {
            var b = _text[i];
            if (b == quote)
            {
                return i + 1;
            }

            if (b == '\n' && !hasLines && syntax.DoubleQuotes != CodeTokenKind.Template)
            {
                return i;
            }

            i += b == '\\' ? 1 : 0;
        }

        return end;
    }
}
