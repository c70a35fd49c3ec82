using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>
/// What is dangerous by the literal beside it rather than by an argument: commands that are run as methods of their text (Groovy, Scala), programs
/// that are the value of a condition (MongoDB), and markup that is given as a property (React).
/// </summary>
internal static class LiteralForms
{
    private const int MostMembers = 12;
    private const int MostInGroup = 24;

    private static readonly int Groovy = CodeCatalog.NumberOf("groovy.command");
    private static readonly int Scala = CodeCatalog.NumberOf("scala.command");
    private static readonly int Where = CodeCatalog.NumberOf("javascript.where");
    private static readonly int Evaluation = CodeCatalog.NumberOf("javascript.evaluation.dynamic");
    private static readonly int Property = CodeCatalog.NumberOf("javascript.markup_property");

    /// <summary>The rule of a form that a name stands in, and its first and last token; -1 when there is none.</summary>
    public static int AtName(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, out int first, out int last)
    {
        (first, last) = (at, at);
        var name = text[tokens[at].Start..tokens[at].End];
        if (name.SequenceEqual("execute"u8) && IsSymbol(text, tokens, at - 1, '.') && IsFilled(text, tokens, at - 2)
            && IsSymbol(text, tokens, at + 1, '(') && IsSymbol(text, tokens, at + 2, ')'))
        {
            (first, last) = (at - 2, at + 2);
            return Groovy;
        }

        if (name.SequenceEqual("execute"u8) && IsSymbol(text, tokens, at - 1, '.') && IsBuiltGroup(text, tokens, at - 2, out first)
            && IsSymbol(text, tokens, at + 1, '(') && IsSymbol(text, tokens, at + 2, ')'))
        {
            last = at + 2;
            return Groovy;
        }

        first = at;
        if (name.SequenceEqual("eval"u8) && IsIndirect(text, tokens, at))
        {
            (first, last) = (at - 3, at + 2);
            return Evaluation;
        }

        if (name.EndsWith("where"u8) && (name.SequenceEqual("$where"u8) || IsSymbol(text, tokens, at - 1, '$'))
            && IsSymbol(text, tokens, at + 1, ':') && at + 2 < tokens.Count && tokens[at + 2].Kind is CodeTokenKind.Text or CodeTokenKind.Template
            && (IsSymbol(text, tokens, at + 3, '+') || IsFilled(text, tokens, at + 2)))
        {
            last = at + 2;
            return Where;
        }

        return name.SequenceEqual("dangerouslySetInnerHTML"u8) && IsOwnMarkup(text, tokens, at, out last) ? Property : -1;
    }

    /// <summary>Whether a literal and the one before it are the parts of a name: <c>'sys' + 'tem'</c>.</summary>
    public static bool IsJoinedName(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at) =>
        IsSymbol(text, tokens, at - 1, '+') && at >= 2 && tokens[at - 2].Kind == CodeTokenKind.Text && IsNamePart(text, tokens[at - 2])
        && IsNamePart(text, tokens[at]);

    private static bool IsNamePart(ReadOnlySpan<byte> text, CodeToken token)
    {
        foreach (var b in ExpressionFacts.Content(text, token))
        {
            if (!CodeLexer.IsNamePart(b))
            {
                return false;
            }
        }

        return true;
    }

    // "(0, eval)(source)", which evaluates outside of the function that it stands in and of what looks for calls of "eval".
    private static bool IsIndirect(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at) =>
        IsSymbol(text, tokens, at + 1, ')') && IsSymbol(text, tokens, at + 2, '(') && IsSymbol(text, tokens, at - 1, ',')
        && at >= 3 && text[tokens[at - 2].Start..tokens[at].End] is [(byte)'0', (byte)',', ..] and { Length: 6 or 7 };

    /// <summary>Whether an exclamation mark runs a command of Scala: <c>s"ls $dir".!</c>, <c>Process("ls " + dir).!!</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="at">The mark.</param>
    /// <param name="closed">What the calls that ended are called.</param>
    public static int AtMark(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, Dictionary<int, int> closed)
    {
        if (!IsSymbol(text, tokens, at - 1, '.') || at < 2)
        {
            return -1;
        }

        var isProcess = closed.TryGetValue(at - 2, out var callee) && text[tokens[callee].Start..tokens[callee].End].SequenceEqual("Process"u8)
            && tokens[at - 3].Kind != CodeTokenKind.Text;
        return isProcess || IsFilled(text, tokens, at - 2) || IsBuiltGroup(text, tokens, at - 2, out _) ? Scala : -1;
    }

    // "('ls ' + x)": a text and a name that are put together within parentheses of their own.
    private static bool IsBuiltGroup(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, out int first)
    {
        first = at;
        if (!IsSymbol(text, tokens, at, ')'))
        {
            return false;
        }

        var (depth, hasText, hasName, hasPlus) = (0, false, false, false);
        for (first = at; first >= 0 && at - first < MostInGroup; first--)
        {
            depth += IsSymbol(text, tokens, first, ')') ? 1 : IsSymbol(text, tokens, first, '(') ? -1 : 0;
            hasText |= tokens[first].Kind is CodeTokenKind.Text or CodeTokenKind.Template;
            hasName |= tokens[first].Kind == CodeTokenKind.Name;
            hasPlus |= IsSymbol(text, tokens, first, '+');
            if (depth == 0)
            {
                return hasText && hasName && hasPlus && !(first > 0 && tokens[first - 1].Kind == CodeTokenKind.Name);
            }
        }

        return false;
    }

    // <div dangerouslySetInnerHTML={{ __html: post.body }}>: a value as it is, which nothing cleaned on the way.
    private static bool IsOwnMarkup(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, out int last)
    {
        last = at + 6;
        if (!IsSymbol(text, tokens, at + 1, '=') || !IsSymbol(text, tokens, at + 2, '{') || !IsSymbol(text, tokens, at + 3, '{')
            || !IsSymbol(text, tokens, at + 5, ':') || last >= tokens.Count || tokens[last].Kind != CodeTokenKind.Name)
        {
            return false;
        }

        while (last + 1 < tokens.Count && last < at + MostMembers && IsSymbol(text, tokens, last + 1, '.'))
        {
            last += 2;
        }

        return IsSymbol(text, tokens, last + 1, '}');
    }

    private static bool IsFilled(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at) => at >= 0
        && tokens[at].Kind is CodeTokenKind.Text or CodeTokenKind.Template
        && text[tokens[at].Start..tokens[at].End] is var literal && literal.IndexOf((byte)'$') is >= 0 and var sign && sign + 1 < literal.Length
        && (literal[sign + 1] == '{' || CodeLexer.IsNamePart(literal[sign + 1]));

    private static bool IsSymbol(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, char symbol) =>
        Statements.IsSymbol(text, tokens, at, symbol);
}
