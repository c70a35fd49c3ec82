using LlmGuard.Plugins.CodeSanitation.Rules;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Functions whose result is known to be harmless where what they are given is not, and those that change nothing.</summary>
internal static class Cleaners
{
    // What they return is a number, or one word to a shell.
    private static readonly NameSet Values = new(
        ["int", "float", "intval", "floatval", "parseInt", "parseFloat", "Number", "to_i", "Atoi", "escapeshellarg", "shellescape"],
        StringComparer.Ordinal);

    // What a caller sent cannot break out of where it is written.
    private static readonly NameSet Escapes = new(
        ["escape", "escapeHtml", "escapeHTML", "htmlspecialchars", "htmlentities", "encodeURIComponent", "quote", "sanitize", "HtmlEncode",
         "HTMLEscapeString", "EscapeString", "escape_html", "forHtml", "strip_tags", "filter_var", "secure_filename", "basename", "escapeHtml4", "h"],
        StringComparer.Ordinal);

    // What is looked up by what a caller sent is a record, and not what was sent.
    private static readonly NameSet Lookups =
        new(["find", "find_by", "findById", "findByPk", "find_or_404", "get_object_or_404", "get_or_404"], StringComparer.Ordinal);

    private static readonly NameSet Wrappers = new(
        ["text", "sql", "SQL", "str", "String", "dedent", "Sprintf", "sprintf", "concat", "Concat", "format", "Format"], StringComparer.Ordinal);

    /// <summary>What a call of a name takes away from what is known of its arguments.</summary>
    public static CodeFacts Removed(ReadOnlySpan<byte> name) =>
        Values.Contains(name) ? CodeFacts.Foreign | CodeFacts.Dynamic
            : Escapes.Contains(name) || Lookups.Contains(name) ? CodeFacts.Foreign : CodeFacts.None;

    /// <summary>Whether a name is a module of which such functions are called.</summary>
    public static bool IsModule(ReadOnlySpan<byte> name) => name.SequenceEqual("fmt"u8);

    /// <summary>Whether what a call of a name returns is as fixed as its arguments are.</summary>
    public static bool IsWrapper(ReadOnlySpan<byte> name) => Wrappers.Contains(name);
}
