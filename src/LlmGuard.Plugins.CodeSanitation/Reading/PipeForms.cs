using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>
/// Commands that Perl and Ruby run by a sign in a literal: a bar at either end of the name of a file (<c>open(F, "sort $x |")</c>), the modes
/// <c>-|</c> and <c>|-</c>, and quotes of Perl's own choice (<c>qx{ls $x}</c>). Values that are written into them are what a shell reads.
/// </summary>
internal static class PipeForms
{
    private const int MostTokens = 24;
    private const int LongestCommand = 256;

    private static readonly int Pipe = CodeCatalog.NumberOf("perl.pipe");

    /// <summary>The rule of an <c>open</c> that runs a command, and the last token of it; -1 when it opens a file.</summary>
    public static int AtOpen(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, CodeFindings findings, out int last)
    {
        last = at;
        var name = text[tokens[at].Start..tokens[at].End];
        if (!name.SequenceEqual("open"u8))
        {
            return -1;
        }

        var isMode = false;
        for (last = at + 1; last < Math.Min(tokens.Count, at + MostTokens); last++)
        {
            var token = tokens[last];
            findings.Steps++;
            if (token.Kind == CodeTokenKind.Line || IsSymbol(text, tokens, last, ')') || IsSymbol(text, tokens, last, ';'))
            {
                return -1;
            }

            if (isMode && (IsSymbol(text, tokens, last, '$') || IsSymbol(text, tokens, last, '@')))
            {
                return Pipe;
            }

            if (token.Kind is CodeTokenKind.Text or CodeTokenKind.Template && text[token.End - 1] is (byte)'"' or (byte)'\'')
            {
                var content = ExpressionFacts.Content(text, token);
                findings.Steps += content.Length;
                isMode |= content.SequenceEqual("-|"u8) || content.SequenceEqual("|-"u8);
                var isFilled = HasHole(content);
                if (isFilled && (isMode || content[0] == '|' || content[^1] == '|'))
                {
                    return Pipe;
                }
            }
        }

        return -1;
    }

    /// <summary>What stands between the quotes of a <c>qx</c>, or nothing.</summary>
    public static ReadOnlySpan<byte> QuotedCommand(ReadOnlySpan<byte> text, CodeToken name)
    {
        if (!text[name.Start..name.End].SequenceEqual("qx"u8) || name.End >= text.Length)
        {
            return [];
        }

        var close = text[name.End] switch
        {
            (byte)'{' => (byte)'}',
            (byte)'(' => (byte)')',
            (byte)'[' => (byte)']',
            (byte)'<' => (byte)'>',
            (byte)'/' or (byte)'!' or (byte)'|' or (byte)'~' => text[name.End],
            _ => (byte)0,
        };
        var rest = text[(name.End + 1)..];
        rest = rest[..Math.Min(LongestCommand, rest.Length)];
        return close == 0 || rest.IndexOf(close) is not (>= 0 and var length) ? [] : rest[..length];
    }

    private static bool HasHole(ReadOnlySpan<byte> content)
    {
        for (var at = 0; at + 1 < content.Length && content[at..].IndexOfAny((byte)'$', (byte)'#') is >= 0 and var found; at++)
        {
            at += found;
            if (at + 1 < content.Length && (content[at + 1] == '{' || (content[at] == '$' && CodeLexer.IsNamePart(content[at + 1]))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSymbol(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, char symbol) =>
        Statements.IsSymbol(text, tokens, at, symbol);
}
