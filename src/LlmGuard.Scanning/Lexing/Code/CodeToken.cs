namespace LlmGuard.Scanning.Lexing.Code;

/// <summary>A token of a program.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">The byte after the last one.</param>
internal readonly record struct CodeToken(CodeTokenKind Kind, int Start, int End);

/// <summary>Kinds of tokens.</summary>
internal enum CodeTokenKind : byte
{
    /// <summary>A name or keyword, without sigil.</summary>
    Name,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A string or character with its quotes, whose text is what it says.</summary>
    Text,

    /// <summary>A string with its quotes in which expressions may stand.</summary>
    Template,

    /// <summary>A string in quotes that run it as a command.</summary>
    Command,

    /// <summary>One byte of anything else.</summary>
    Symbol,

    /// <summary>The end of a line.</summary>
    Line,
}
