namespace LlmGuard.Scanning.Lexing.Code;

/// <summary>How comments and strings of a language are written.</summary>
/// <param name="HasHashComments">Whether <c>#</c> begins a comment.</param>
/// <param name="HasSlashComments">Whether <c>//</c> and <c>/*</c> begin comments.</param>
/// <param name="HasDashComments">Whether <c>--</c> begins a comment.</param>
/// <param name="Backtick">What stands between backticks.</param>
/// <param name="DoubleQuotes">What stands between double quotes.</param>
/// <param name="HasTripleQuotes">Whether three quotes in a row delimit a string of many lines.</param>
/// <param name="HasCharacters">Whether single quotes hold one character only.</param>
internal sealed record CodeSyntax(
    bool HasHashComments,
    bool HasSlashComments,
    bool HasDashComments,
    CodeTokenKind Backtick,
    CodeTokenKind DoubleQuotes,
    bool HasTripleQuotes,
    bool HasCharacters)
{
    // Nothing is taken for a comment where the language is not known: what one language skips, another runs.
    private static readonly CodeSyntax Unknown = new(false, false, false, CodeTokenKind.Symbol, CodeTokenKind.Text, true, false);
    private static readonly CodeSyntax CLike = new(false, true, false, CodeTokenKind.Text, CodeTokenKind.Text, true, true);
    private static readonly CodeSyntax JavaScript = new(false, true, false, CodeTokenKind.Template, CodeTokenKind.Text, false, false);
    private static readonly CodeSyntax Python = new(true, false, false, CodeTokenKind.Symbol, CodeTokenKind.Text, true, false);
    private static readonly CodeSyntax Php = new(true, true, false, CodeTokenKind.Command, CodeTokenKind.Template, false, false);
    private static readonly CodeSyntax Ruby = new(true, false, false, CodeTokenKind.Command, CodeTokenKind.Template, false, false);
    private static readonly CodeSyntax Shell = new(true, false, false, CodeTokenKind.Command, CodeTokenKind.Template, false, false);
    private static readonly CodeSyntax PowerShell = new(true, false, false, CodeTokenKind.Symbol, CodeTokenKind.Template, false, false);
    private static readonly CodeSyntax Sql = new(false, false, true, CodeTokenKind.Text, CodeTokenKind.Text, false, false);

    /// <summary>The syntax of a language; a lenient one when it is not known.</summary>
    public static CodeSyntax Of(CodeLanguages language) => language switch
    {
        CodeLanguages.JavaScript => JavaScript,
        CodeLanguages.Python => Python,
        CodeLanguages.Php => Php,
        CodeLanguages.Ruby => Ruby,
        CodeLanguages.Shell => Shell,
        CodeLanguages.PowerShell => PowerShell,
        CodeLanguages.Sql => Sql,
        CodeLanguages.Java or CodeLanguages.CSharp or CodeLanguages.Go or CodeLanguages.Rust or CodeLanguages.C => CLike,
        _ => Unknown,
    };
}
