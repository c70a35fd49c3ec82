using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Where statements end and calls begin, by the signs around them.</summary>
internal static class Statements
{
    /// <summary>Tokens between a name and a parenthesis that may be type arguments.</summary>
    private const int MostTypeArguments = 8;

    private const int MostInBrackets = 24;

    /// <summary>Whether the line that ends at a token goes on in the next: it ends with an operator, or that begins with a dot.</summary>
    public static bool GoesOn(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        if (IsAny(text, tokens, at - 1, ",+=.\\(&|"u8))
        {
            return true;
        }

        return IsAny(text, tokens, at + 1, ".+?"u8);
    }

    /// <summary>The token that names what the parenthesis of a token calls, or -1.</summary>
    public static int CalleeBefore(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        var name = at - 1;
        if (IsSymbol(text, tokens, name, '>') && !IsSymbol(text, tokens, name - 1, '=') && !IsSymbol(text, tokens, name - 1, '-'))
        {
            // Type arguments stand between the name and the parenthesis.
            for (var i = name - 1; i > 0 && name - i < MostTypeArguments; i--)
            {
                if (IsSymbol(text, tokens, i, '<'))
                {
                    name = i - 1;
                    break;
                }
            }
        }

        return name >= 0 && tokens[name].Kind == CodeTokenKind.Name ? name : -1;
    }

    /// <summary>Whether a bracket ends at a token whose content is put together: not one name, number or text.</summary>
    public static bool IsComputed(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        if (!IsSymbol(text, tokens, at, ']'))
        {
            return false;
        }

        var depth = 0;
        for (var i = at; i > 0 && at - i < MostInBrackets; i--)
        {
            depth += IsSymbol(text, tokens, i, ']') ? 1 : IsSymbol(text, tokens, i, '[') ? -1 : 0;
            if (depth == 0)
            {
                return at - i > 2;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether a call without parentheses may stand at a name: at the start of a statement, behind an equals sign or a bar, before an argument.
    /// </summary>
    public static bool MayCallBare(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        if (at + 1 >= tokens.Count
            || tokens[at + 1].Kind is not (CodeTokenKind.Text or CodeTokenKind.Template or CodeTokenKind.Name or CodeTokenKind.Symbol))
        {
            return false;
        }

        var next = tokens[at + 1];
        if (next.Kind == CodeTokenKind.Symbol && !IsAny(text, tokens, at + 1, "$%:@\"-"u8))
        {
            return false;
        }

        if (next.Kind == CodeTokenKind.Name && CallSites.IsJoint(text[next.Start..next.End]))
        {
            return false;
        }

        // "system: x" is a key; a symbol that is passed stands apart from the name and at its own name.
        var isApart = next.Start > tokens[at].End && at + 2 < tokens.Count && tokens[at + 2].Start == next.End;
        if (IsSymbol(text, tokens, at + 1, ':') && !isApart)
        {
            return false;
        }

        return at == 0 || tokens[at - 1].Kind == CodeTokenKind.Line || IsAny(text, tokens, at - 1, ";{=|(.&@"u8);
    }

    /// <summary>Whether the key of an object stands at a token, or at the next one behind the end of a line.</summary>
    public static bool IsKey(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        at += at < tokens.Count && tokens[at].Kind == CodeTokenKind.Line ? 1 : 0;
        return at < tokens.Count && tokens[at].Kind is CodeTokenKind.Name or CodeTokenKind.Text && IsSymbol(text, tokens, at + 1, ':');
    }

    private static bool IsAny(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, ReadOnlySpan<byte> symbols) =>
        at >= 0 && at < tokens.Count && tokens[at].Kind == CodeTokenKind.Symbol && symbols.Contains(text[tokens[at].Start]);

    /// <summary>Whether a token is a sign.</summary>
    public static bool IsSymbol(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, char symbol) =>
        at >= 0 && at < tokens.Count && tokens[at].Kind == CodeTokenKind.Symbol && text[tokens[at].Start] == symbol;
}
