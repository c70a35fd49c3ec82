using System.Buffers;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>
/// What PHP evaluates without a call of <c>eval</c>: the replacement of a pattern with the modifier <c>e</c>, a function that a variable names, and a
/// program that is written into a file for later.
/// </summary>
internal static class PhpForms
{
    private const int LongestName = 64;

    private static readonly int Evaluation = CodeCatalog.NumberOf("php.evaluation.dynamic");
    private static readonly int Untrusted = CodeCatalog.NumberOf("php.evaluation.untrusted");
    private static readonly int Written = CodeCatalog.NumberOf("php.written_program");

    private static readonly SearchValues<byte> Modifiers = SearchValues.Create("imsxuADSUXJe"u8);

    private static readonly NameSet Writers = new(
        ["file_put_contents", "fwrite", "fputs", "write", "writeFile", "writeFileSync", "appendFile", "write_text", "WriteAllText", "puts", "print"],
        StringComparer.Ordinal);

    /// <summary>The rule of a form that a name stands in, and its first and last token; -1 when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="at">The name.</param>
    /// <param name="known">What is known of it by what was assigned to it.</param>
    /// <param name="first">The first token.</param>
    /// <param name="last">The last token.</param>
    public static int AtName(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at, CodeFacts known, out int first, out int last)
    {
        (first, last) = (at, at + 1);
        if (!Statements.IsSymbol(text, tokens, at + 1, '('))
        {
            return -1;
        }

        var name = text[tokens[at].Start..tokens[at].End];
        if ((known & CodeFacts.Foreign) != 0 && name.Length <= LongestName && Statements.IsSymbol(text, tokens, at - 1, '$')
            && tokens[at - 1].End == tokens[at].Start)
        {
            first = at - 1;
            return Untrusted;
        }

        if (name.SequenceEqual("preg_replace"u8) && at + 2 < tokens.Count && tokens[at + 2].Kind is CodeTokenKind.Text or CodeTokenKind.Template
            && IsEvaluated(ExpressionFacts.Content(text, tokens[at + 2])))
        {
            last = at + 2;
            return Evaluation;
        }

        return -1;
    }

    /// <summary>The rule of a literal that is a program which takes what a caller sends, where it is written away; else -1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="literal">The literal.</param>
    /// <param name="writer">The name of what it is given to.</param>
    /// <param name="findings">Counts the steps.</param>
    public static int AtText(ReadOnlySpan<byte> text, CodeToken literal, ReadOnlySpan<byte> writer, CodeFindings findings)
    {
        if (!Writers.Contains(writer))
        {
            return -1;
        }

        var content = text[literal.Start..literal.End];
        findings.Steps += content.Length;
        var tag = content.IndexOf("<?"u8);
        return tag >= 0 && content[(tag + 2)..] is var program && (program.StartsWith("php"u8) || program.StartsWith("="u8))
            && (program.IndexOf("$_GET"u8) >= 0 || program.IndexOf("$_POST"u8) >= 0 || program.IndexOf("$_REQUEST"u8) >= 0
                || program.IndexOf("$_COOKIE"u8) >= 0) ? Written : -1;
    }

    // "/(.*)/e", "#x#ie": letters behind the sign that the pattern began with.
    private static bool IsEvaluated(ReadOnlySpan<byte> pattern)
    {
        if (pattern.Length < 3 || CodeLexer.IsNamePart(pattern[0]))
        {
            return false;
        }

        var close = pattern[0] switch { (byte)'{' => (byte)'}', (byte)'(' => (byte)')', (byte)'[' => (byte)']', var same => same };
        var modifiers = pattern[(pattern.LastIndexOf(close) + 1)..];
        return modifiers.Length is > 0 and <= 8 && modifiers.Length < pattern.Length - 1 && modifiers.Contains((byte)'e')
            && modifiers.IndexOfAnyExcept(Modifiers) < 0;
    }
}
