using System.Buffers;
using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>What single tokens tell about the expression they stand in.</summary>
internal static class ExpressionFacts
{
    private static readonly NameSet Constants = new(
        ["true", "false", "null", "none", "nil", "undefined", "new", "this", "self", "await", "in", "is", "not", "and", "or", "const", "string",
         "typeof", "byte", "lambda", "function", "async", "return", "as", "if", "else"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly byte[][] Queries =
    [
        [.. "select "u8], [.. "insert "u8], [.. "update "u8], [.. "delete "u8], [.. "drop "u8], [.. "create "u8], [.. "alter "u8], [.. "exec "u8],
        [.. "replace "u8], [.. "merge "u8],
    ];

    // Most of what stands behind a quote begins otherwise.
    private static readonly SearchValues<byte> FirstOfQueries =
        SearchValues.Create([.. Queries.Append([(byte)'w']).SelectMany(q => new[] { q[0], (byte)(q[0] & ~0x20) })]);

    // A condition compares; "where" in a sentence does not. A sign or word of comparison stands so near.
    private const int LongestOperand = 80;
    private const int LeastStartup = 24;

    private static readonly byte[][] Comparisons = [[.. "like "u8], [.. "in ("u8], [.. "in("u8], [.. "between "u8], [.. "is n"u8], [.. "not "u8]];

    /// <summary>What a name tells.</summary>
    public static CodeFacts OfName(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        var name = text[tokens[at].Start..tokens[at].End];
        if (name.Length > NameTable<CodeFacts>.Longest)
        {
            return CodeFacts.Dynamic;
        }

        var facts = NameFacts.OfName(name);
        if (IsParameters(name) && Statements.IsSymbol(text, tokens, at + 1, '[')
            && (Statements.IsSymbol(text, tokens, at + 2, ':') || IsColonWord(text, tokens, at + 2)))
        {
            facts |= CodeFacts.Untrusted;
        }

        if (NameFacts.IsRequest(name) && HasRequestMember(text, tokens, at))
        {
            facts |= CodeFacts.Untrusted;
        }

        return Constants.Contains(name) || IsConstant(name) ? facts : facts | CodeFacts.Dynamic;
    }

    private static bool IsParameters(ReadOnlySpan<byte> name) => Ascii.Equals(name, NameFacts.Parameters);

    // Lexers of Ruby take a symbol for one token.
    private static bool IsColonWord(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at) => at < tokens.Count && text[tokens[at].Start] == ':';

    /// <summary>What a literal tells.</summary>
    public static CodeFacts OfText(ReadOnlySpan<byte> text, CodeToken token)
    {
        var content = Content(text, token);
        var facts = NameFacts.OfLiteral(content) | CodeFacts.Text | (HasTag(content) ? CodeFacts.Markup : CodeFacts.None);
        facts |= IsStartup(content) ? CodeFacts.Startup : CodeFacts.None;
        return IsQuery(content) ? facts | CodeFacts.Query : facts;
    }

    // A key of Windows' registry, with its backslashes as they are or each escaped by another.
    private static bool IsStartup(ReadOnlySpan<byte> content)
    {
        if (content.Length < LeastStartup)
        {
            return false;
        }

        content = content[^1] is (byte)'e' or (byte)'E' && Ascii.EqualsIgnoreCase(content[^4..], "once"u8) ? content[..^4] : content;
        return Ascii.EqualsIgnoreCase(content[^3..], "run"u8)
            && (Ascii.EqualsIgnoreCase(content[^18..], "currentversion\\run"u8) || Ascii.EqualsIgnoreCase(content[^19..], "currentversion\\\\run"u8));
    }

    private static bool HasTag(ReadOnlySpan<byte> content)
    {
        for (var at = 0; content[at..].IndexOf((byte)'<') is >= 0 and var found; at += found + 1)
        {
            var next = at + found + 1 < content.Length ? content[at + found + 1] : (byte)0;
            if (char.IsAsciiLetter((char)next) || next is (byte)'/' or (byte)'!')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether what stands between quotes, or behind one, begins as a query of a database does.</summary>
    public static bool IsQuery(ReadOnlySpan<byte> content)
    {
        var start = content.TrimStart(" \r\n\t("u8);
        if (start.IsEmpty || !FirstOfQueries.Contains(start[0]))
        {
            return false;
        }

        foreach (var query in Queries)
        {
            if (start.Length >= query.Length && Ascii.EqualsIgnoreCase(start[..query.Length], query))
            {
                return true;
            }
        }

        return start.Length > 6 && Ascii.EqualsIgnoreCase(start[..6], "where "u8) && IsCondition(start[6..]);
    }

    // Only "yes" may come of more bytes behind a literal: the triggers ask this of the rest of a text, where nobody knows yet where the literal ends.
    private static bool IsCondition(ReadOnlySpan<byte> rest)
    {
        var operand = rest[..Math.Min(rest.Length, LongestOperand)];
        if (operand.ContainsAny("=<>"u8) || operand.TrimStart(" \t"u8) is []
            or [(byte)'"' or (byte)'\'' or (byte)'`' or (byte)'\r' or (byte)'\n', ..])
        {
            return true;
        }

        // What is compared by a word stands before it and holds no blank.
        operand = operand.TrimStart(" \t"u8);
        operand = operand.IndexOfAny(" \t"u8) is > 0 and var end ? operand[end..].TrimStart(" \t"u8) : [];
        foreach (var comparison in Comparisons)
        {
            if (operand.Length >= comparison.Length && Ascii.EqualsIgnoreCase(operand[..comparison.Length], comparison))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a string tells in which expressions may stand.</summary>
    /// <param name="text">The text.</param>
    /// <param name="token">The token.</param>
    /// <param name="known">What is known of names by what was assigned to them.</param>
    public static CodeFacts OfTemplate(ReadOnlySpan<byte> text, CodeToken token, Dictionary<ulong, CodeFacts> known)
    {
        return OfText(text, token) | OfHoles(Content(text, token), known);
    }

    /// <summary>What the expressions tell that stand in a text.</summary>
    /// <param name="content">The text without its quotes.</param>
    /// <param name="known">What is known of names by what was assigned to them.</param>
    public static CodeFacts OfHoles(ReadOnlySpan<byte> content, Dictionary<ulong, CodeFacts> known)
    {
        var facts = CodeFacts.None;
        for (var at = 0; at < content.Length; at++)
        {
            // An expression begins at a brace or a dollar sign; only its names count.
            if (content[at] is not ((byte)'{' or (byte)'$'))
            {
                continue;
            }

            var end = at + 1;
            while (end < content.Length && (CodeLexer.IsNamePart(content[end])
                || content[end] is (byte)'.' or (byte)'$' or (byte)'{' or (byte)'[' or (byte)'@'))
            {
                end++;
            }

            facts |= OfHole(content[(at + 1)..end], known);
            facts |= content[..end].EndsWith("params["u8) && end < content.Length && content[end] is (byte)':' or (byte)'"' or (byte)'\''
                ? CodeFacts.Untrusted : CodeFacts.None;
            at = end - 1;
        }

        return facts;
    }

    private static CodeFacts OfHole(ReadOnlySpan<byte> hole, Dictionary<ulong, CodeFacts> known)
    {
        var facts = CodeFacts.None;
        var isRequest = false;
        while (!hole.IsEmpty)
        {
            var length = 0;
            while (length < hole.Length && CodeLexer.IsNamePart(hole[length]))
            {
                length++;
            }

            if (length > 0 && !AsciiDigit(hole[0]))
            {
                var name = hole[..length];
                facts |= CodeFacts.Dynamic | NameHash.Find(known, name) | NameFacts.OfName(name);
                facts |= isRequest && NameFacts.IsRequestMember(name) ? CodeFacts.Untrusted : CodeFacts.None;
                isRequest |= NameFacts.IsRequest(name);
            }

            hole = hole[Math.Max(1, length)..];
        }

        return facts;
    }

    private static bool AsciiDigit(byte b) => (uint)(b - '0') <= 9;

    /// <summary>What stands between the quotes.</summary>
    public static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> text, CodeToken token)
    {
        var whole = text[token.Start..token.End];
        var open = whole.IndexOfAny("\"'`"u8);
        if (open < 0)
        {
            return whole;
        }

        var quote = whole[open];
        var content = whole[(open + 1)..];
        content = content.StartsWith([quote, quote]) && content.Length >= 4 ? content[2..] : content;
        return content.TrimEnd(quote);
    }

    private static bool HasRequestMember(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        // A dot or an arrow, and a member; or several, as in self.request.args.
        for (var i = at + 1; i < Math.Min(tokens.Count, at + 5); i++)
        {
            if (tokens[i].Kind == CodeTokenKind.Name)
            {
                return NameFacts.IsRequestMember(text[tokens[i].Start..tokens[i].End]);
            }

            if (tokens[i].Kind != CodeTokenKind.Symbol
                || text[tokens[i].Start] is not ((byte)'.' or (byte)'-' or (byte)'>' or (byte)'?' or (byte)'[' or (byte)':'))
            {
                return false;
            }
        }

        return false;
    }

    // What is written in capitals alone is a constant.
    private static bool IsConstant(ReadOnlySpan<byte> name)
    {
        foreach (var b in name)
        {
            if (b is >= (byte)'a' and <= (byte)'z' or >= 0x80)
            {
                return false;
            }
        }

        return name.Length > 2 && name[0] != '_';
    }
}
