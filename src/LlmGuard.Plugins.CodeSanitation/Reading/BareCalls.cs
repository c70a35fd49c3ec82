using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Calls without parentheses, which words of a sentence and commands of a shell look like.</summary>
internal static class BareCalls
{
    /// <summary>
    /// Whether one counts: where nobody knows that it is Ruby, only if Ruby or Perl alone writes so, or it runs what somebody else wrote.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="language">The language, if it is known.</param>
    /// <param name="name">The token of the name.</param>
    /// <param name="last">The last token of the arguments.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="sink">The sink.</param>
    public static bool Count(ReadOnlySpan<byte> text, List<CodeToken> tokens, CodeLanguages language, int name, int last, int rule, CodeSink sink)
    {
        if (language == CodeLanguages.None && IsInflected(text[tokens[name].End..]))
        {
            return false;
        }

        if (language != CodeLanguages.None || sink.Languages != CodeLanguages.Ruby || CodeCatalog.Rules[rule].Severity == FindingSeverity.High)
        {
            return true;
        }

        // "eval $rule;" and a line of its own, "eval text".
        var isPerl = last == name + 2 && Statements.IsSymbol(text, tokens, name + 1, '$') && Statements.IsSymbol(text, tokens, last + 1, ';');
        return isPerl || text[tokens[name].Start..tokens[last].End].IndexOf("#{"u8) >= 0
            || (last == name + 1 && text[tokens[name].Start..tokens[name].End].EndsWith("eval"u8) && IsLine(tokens, name - 1)
                && IsLine(tokens, last + 1));
    }

    // "eval'ing the text", "an eval'd string", "exec's manual": the apostrophe of a word, and no text that is run.
    private static bool IsInflected(ReadOnlySpan<byte> rest)
    {
        if (rest is not [(byte)'\'', ..])
        {
            return false;
        }

        var length = rest[1..].IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        var ending = length < 0 ? rest[1..] : rest.Slice(1, length);
        return (length < 0 || rest[length + 1] is not ((byte)'\'' or (byte)'(' or (byte)'/'))
            && (ending.SequenceEqual("ing"u8) || ending.SequenceEqual("d"u8) || ending.SequenceEqual("ed"u8) || ending.SequenceEqual("s"u8));
    }

    private static bool IsLine(List<CodeToken> tokens, int at) => at < 0 || at >= tokens.Count || tokens[at].Kind == CodeTokenKind.Line;
}
