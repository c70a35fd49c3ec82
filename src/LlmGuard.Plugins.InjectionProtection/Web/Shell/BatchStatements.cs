using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Recognises the conditions and loops of Windows' command interpreter at the start of a text: <c>if "%a%" equ "b" echo x</c>, <c>for %i in
/// (a,b) do x</c>.
/// Their operators are words of no other language.
/// </summary>
internal static class BatchStatements
{
    private const int MostWords = 6;
    private const int LongestWord = 64;

    private static readonly WordTable<bool> Operators = new(("equ neq lss leq gtr geq", true));
    private static readonly WordTable<bool> Conditions = new(("exist defined errorlevel cmdextversion", true));

    private static readonly WordTable<bool> Actions = new(("goto echo exit call set start del copy", true));

    /// <summary>The offset behind what proves a statement, or 0.</summary>
    /// <param name="text">The text, in lower case.</param>
    public static int Begins(ReadOnlySpan<byte> text)
    {
        var at = 0;
        var word = Next(text, ref at);
        if (word.SequenceEqual("for"u8))
        {
            return IsLoop(text, at) ? at : 0;
        }

        if (!word.SequenceEqual("if"u8))
        {
            return 0;
        }

        var isNot = false;
        for (var i = 0; i < MostWords && (word = Next(text, ref at)).Length > 0; i++)
        {
            if ((i > 0 && Operators.Contains(word)) || ((i == 0 || (i == 1 && isNot)) && Conditions.Contains(word) && HasArgument(text, at)))
            {
                return at;
            }

            if (IsEquality(word) && (word.Contains((byte)'%') || word.IndexOf("]==["u8) > 0 || word.IndexOf("\"==\""u8) > 0 || HasAction(text, at)))
            {
                return at;
            }

            isNot |= i == 0 && word.SequenceEqual("not"u8);
        }

        return 0;
    }

    // "%1"=="", a==b: both sides hang on the sign, which they do in no other language.
    private static bool IsEquality(ReadOnlySpan<byte> word) => word.IndexOf("=="u8) is > 0 and var sign && sign + 2 < word.Length
        && word.IndexOfAny((byte)'(', (byte)'!') < 0;

    private static bool HasAction(ReadOnlySpan<byte> text, int at) => Actions.Contains(Next(text, ref at));

    // A file, a name and nothing between them and what is done then.
    private static bool HasArgument(ReadOnlySpan<byte> text, int at)
    {
        var argument = Next(text, ref at);
        var action = Next(text, ref at);
        return (argument.ContainsAny("\\.:%*"u8) || action is [(byte)'(', ..]) && action.Length > 0;
    }

    // "%i in (" or "%%i in (", with switches before it.
    private static bool IsLoop(ReadOnlySpan<byte> text, int at)
    {
        for (var i = 0; i < MostWords; i++)
        {
            var word = Next(text, ref at);
            var name = word.TrimStart((byte)'%');
            if (name.Length > 0 && word.Length - name.Length is 1 or 2 && AsciiByte.IsLetter(name[0]))
            {
                return Next(text, ref at).SequenceEqual("in"u8) && Next(text, ref at) is [(byte)'(', ..];
            }

            if (word is not [(byte)'/', _] && i > 0)
            {
                return false;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> text, ref int at)
    {
        var most = Math.Min(text.Length, at + LongestWord);
        while (at < most && text[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        var start = at;
        most = Math.Min(text.Length, at + LongestWord);
        while (at < most && text[at] is not ((byte)' ' or (byte)'\t' or (byte)'\n'))
        {
            at++;
        }

        return text[start..at];
    }
}
