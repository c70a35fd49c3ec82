using LlmGuard.Scanning.Lexing.Script;

namespace LlmGuard.Scanning.Lexing.Code;

/// <summary>
/// Splits a part of a text into the tokens of its language: JavaScript by its own lexer, others by <see cref="CodeLexer"/>. For one thread.
/// </summary>
internal sealed class ProgramTokens
{
    private readonly ScriptLexer _script = new();
    private readonly List<ScriptToken> _tokens = [];

    /// <summary>Adds the tokens of a part to a list; comments and blanks are left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="language">Its language, or none when that is not known.</param>
    /// <param name="tokens">Receives the tokens, with offsets in the whole text.</param>
    public void Read(ReadOnlySpan<byte> text, int start, int end, CodeLanguages language, List<CodeToken> tokens)
    {
        if (language != CodeLanguages.JavaScript)
        {
            new CodeLexer(text, CodeSyntax.Of(language)).Read(start, end, tokens);
            return;
        }

        _tokens.Clear();
        _script.Read(text, start, end, _tokens);
        foreach (var token in _tokens)
        {
            if (token.Kind is not (ScriptTokenKind.Blank or ScriptTokenKind.Comment))
            {
                tokens.Add(new CodeToken(KindOf(token.Kind), token.Start, token.End));
            }
        }
    }

    // A piece of a template is a text: the names of the expressions between the pieces are tokens of their own.
    private static CodeTokenKind KindOf(ScriptTokenKind kind) => kind switch
    {
        ScriptTokenKind.Name => CodeTokenKind.Name,
        ScriptTokenKind.Number => CodeTokenKind.Number,
        ScriptTokenKind.Line => CodeTokenKind.Line,
        ScriptTokenKind.Symbol => CodeTokenKind.Symbol,
        _ => CodeTokenKind.Text,
    };
}
