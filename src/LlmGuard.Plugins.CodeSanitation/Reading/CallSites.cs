using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>What stands before and behind a call: its receiver, and whether it is a call at all or words of a sentence.</summary>
internal static class CallSites
{
    private static readonly NameSet MayPrecede = new(
        ["return", "await", "yield", "throw", "raise", "in", "and", "or", "not", "new", "else", "do", "then", "if", "while", "elif", "elsif",
         "unless", "until", "case", "print", "echo", "puts", "go", "defer", "assert", "with", "is", "typeof", "void", "delete", "unsafe", "from",
         "when", "out", "ref", "lambda", "exec", "sudo", "const", "let", "var", "export", "default", "using", "try"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly NameSet Declares = new(
        ["def", "function", "func", "fn", "fun", "sub", "class", "void", "int", "string", "char", "bool", "boolean", "public", "private", "protected",
         "static", "procedure", "interface", "struct", "extern"],
        StringComparer.Ordinal);

    private static readonly NameSet MayFollow = new(
        ["if", "else", "for", "and", "or", "in", "is", "as", "not", "do", "then", "unless", "rescue", "where", "end", "instanceof", "while", "until",
         "with", "throws", "catch", "of", "async", "xor", "fi", "done", "return", "UNION", "FROM"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The token of the receiver of a name, or -1: the name before the dot, or what was called before it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="name">The token of the name.</param>
    /// <param name="closed">By closing parenthesis, the token of what was called.</param>
    /// <param name="hasDot">Whether anything stands before the name with a dot.</param>
    public static int Receiver(ReadOnlySpan<byte> text, List<CodeToken> tokens, int name, Dictionary<int, int> closed, out bool hasDot)
    {
        var at = name - 1;
        hasDot = at >= 0 && IsSeparator(text, tokens, ref at);
        if (!hasDot)
        {
            return at >= 0 && tokens[at].Kind == CodeTokenKind.Name && text[tokens[at].Start..tokens[at].End].SequenceEqual("new"u8) ? at : -1;
        }

        while (at >= 0 && tokens[at].Kind == CodeTokenKind.Line)
        {
            at--;
        }

        if (at >= 0 && tokens[at].Kind == CodeTokenKind.Symbol && text[tokens[at].Start] is (byte)']' or (byte)'!')
        {
            at--;
        }

        return at < 0 ? -1 : tokens[at].Kind == CodeTokenKind.Name ? at : closed.GetValueOrDefault(at, -1);
    }

    /// <summary>Whether a name is declared where it stands, and not called.</summary>
    public static bool IsDeclared(ReadOnlySpan<byte> text, List<CodeToken> tokens, int first) =>
        first > 0 && tokens[first - 1].Kind == CodeTokenKind.Name && IsDeclaration(text[tokens[first - 1].Start..tokens[first - 1].End]);

    /// <summary>Whether a method begins there: <c>spawn (command, args) {</c> at the start of a statement.</summary>
    public static bool IsMethod(ReadOnlySpan<byte> text, List<CodeToken> tokens, int first, int after) =>
        Statements.IsSymbol(text, tokens, after, '{') && Statements.IsSymbol(text, tokens, after - 1, ')')
        && !Statements.IsSymbol(text, tokens, first + 1, '.')
        && (first == 0 || tokens[first - 1].Kind == CodeTokenKind.Line || Statements.IsSymbol(text, tokens, first - 1, '}')
            || Statements.IsSymbol(text, tokens, first - 1, ';'));

    /// <summary>Whether words stand around it as they do in a sentence, and in no program.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="first">The first token of it.</param>
    /// <param name="after">The token behind it.</param>
    public static bool IsInSentence(ReadOnlySpan<byte> text, List<CodeToken> tokens, int first, int after) =>
        (first > 0 && tokens[first - 1].Kind == CodeTokenKind.Name && IsOfSentence(text[tokens[first - 1].Start..tokens[first - 1].End]))
        || (after < tokens.Count && tokens[after].Kind == CodeTokenKind.Name && !MayFollow.Contains(text[tokens[after].Start..tokens[after].End]));

    /// <summary>Whether a name that stands before another one declares it.</summary>
    public static bool IsDeclaration(ReadOnlySpan<byte> before) => Declares.Contains(before);

    /// <summary>Whether a name that stands before another one makes both words of a sentence.</summary>
    public static bool IsOfSentence(ReadOnlySpan<byte> before) => !MayPrecede.Contains(before);

    /// <summary>Whether a word joins two others, and is no argument.</summary>
    public static bool IsJoint(ReadOnlySpan<byte> name) => MayFollow.Contains(name);

    // A dot, an arrow, two colons, or a question mark and a dot.
    private static bool IsSeparator(ReadOnlySpan<byte> text, List<CodeToken> tokens, ref int at)
    {
        if (tokens[at].Kind != CodeTokenKind.Symbol)
        {
            return false;
        }

        var sign = text[tokens[at].Start];
        var before = at > 0 && tokens[at - 1].Kind == CodeTokenKind.Symbol && tokens[at - 1].End == tokens[at].Start ? text[tokens[at - 1].Start] : 0;
        switch (sign)
        {
            case (byte)'.':
                at -= before == '?' ? 2 : 1;
                return true;
            case (byte)'>' when before == '-':
            case (byte)':' when before == ':':
                at -= 2;
                return true;
            default:
                return false;
        }
    }
}
