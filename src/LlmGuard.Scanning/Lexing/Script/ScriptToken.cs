namespace LlmGuard.Scanning.Lexing.Script;

/// <summary>A token of JavaScript.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">The byte after the last one.</param>
/// <param name="IsOpen">Whether it ends because the text does: a string, template, expression or comment that nothing closes.</param>
internal readonly record struct ScriptToken(ScriptTokenKind Kind, int Start, int End, bool IsOpen = false);

/// <summary>Kinds of tokens of JavaScript. Tokens follow each other without gaps.</summary>
internal enum ScriptTokenKind : byte
{
    /// <summary>White space within a line, and bytes that stand nowhere in a program.</summary>
    Blank,

    /// <summary>The end of a line; a carriage return before it belongs to it.</summary>
    Line,

    /// <summary>A comment: <c>//</c>, <c>/* */</c>, <c>#!</c> at the start, and <c>&lt;!--</c> as pages may write it.</summary>
    Comment,

    /// <summary>A name or keyword, private names and escapes included.</summary>
    Name,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A string in quotes.</summary>
    Text,

    /// <summary>A piece of a template: from the back quote, or the end of an expression, to the start of one, or the back quote.</summary>
    Template,

    /// <summary>A regular expression with its flags.</summary>
    Regex,

    /// <summary>One byte of anything else.</summary>
    Symbol,
}
