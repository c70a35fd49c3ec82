using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Lists that a shell is started with: <c>["-c", input]</c> behind its name is a command, whatever starts it.</summary>
internal static class ShellLists
{
    // Between the name of a shell and its option at most a few assignments stand.
    private const int MostBetween = 24;

    /// <summary>Whether a text is the option of a shell before a command that is no literal.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="shell">The token that named a shell last, or -1.</param>
    /// <param name="at">The token of the option.</param>
    public static bool Begin(ReadOnlySpan<byte> text, List<CodeToken> tokens, int shell, int at)
    {
        if (shell < 0 || at - shell >= MostBetween || at + 2 >= tokens.Count)
        {
            return false;
        }

        var command = Statements.IsSymbol(text, tokens, at + 1, ',') ? at + 2 : Chained(text, tokens, at + 1);
        var option = ExpressionFacts.Content(text, tokens[at]);
        return command >= 0 && (option.SequenceEqual("-c"u8) || option.SequenceEqual("/c"u8)) && IsPutTogether(text, tokens[command]);
    }

    // ".arg("-c").arg(&command)": the list of a builder, each part of which is added by a call. The token of the next part, or -1.
    private static int Chained(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        if (!Statements.IsSymbol(text, tokens, at, ')'))
        {
            return -1;
        }

        at++;
        while (at < tokens.Count && tokens[at].Kind == CodeTokenKind.Line)
        {
            at++;
        }

        if (!Statements.IsSymbol(text, tokens, at, '.') || at + 3 >= tokens.Count || tokens[at + 1].Kind != CodeTokenKind.Name
            || !text[tokens[at + 1].Start..tokens[at + 1].End].StartsWith("arg"u8) || !Statements.IsSymbol(text, tokens, at + 2, '('))
        {
            return -1;
        }

        at += Statements.IsSymbol(text, tokens, at + 3, '&') ? 4 : 3;
        return at < tokens.Count ? at : -1;
    }

    // In a text of Swift, what stands behind a backslash in parentheses is an expression.
    private static bool IsPutTogether(ReadOnlySpan<byte> text, CodeToken command) =>
        command.Kind is CodeTokenKind.Name or CodeTokenKind.Template
            || (command.Kind == CodeTokenKind.Text && text[command.Start..command.End].IndexOf("\\("u8) >= 0);
}
