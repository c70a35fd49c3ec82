namespace LlmGuard.Scanning.Lexing.Sql;

/// <summary>What a token of SQL is.</summary>
internal enum SqlKind : byte
{
    /// <summary>Beyond the last token.</summary>
    End,
    Number,

    /// <summary>A string in quotes, closed or not.</summary>
    Text,

    /// <summary>A name, a keyword or a function; <see cref="SqlToken.Word"/> says which.</summary>
    Word,

    /// <summary>A name that begins with an at sign.</summary>
    Variable,

    /// <summary>An arithmetic, bitwise or comparison operator.</summary>
    Operator,

    /// <summary>A comparison: <c>=</c>, <c>&lt;</c>, <c>like</c> and so on.</summary>
    Comparison,

    /// <summary><c>and</c>, <c>or</c>, <c>xor</c>, <c>&amp;&amp;</c>, <c>||</c>.</summary>
    Logic,
    Comma,
    Open,
    Close,
    Semicolon,

    /// <summary>A comment that ends the statement: to the end of the line, or never closed.</summary>
    Comment,

    /// <summary>Anything that SQL has no use for.</summary>
    Other,
}

/// <summary>A token of SQL.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Word">Which word it is, for words, comparisons and logic.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">The offset after it.</param>
/// <param name="IsOpen">Whether it is a string or comment that nothing closes.</param>
/// <param name="AfterComment">Whether a comment within the statement stands before it.</param>
/// <param name="IsExecutable">Whether it stands in a comment that MySQL executes.</param>
internal readonly record struct SqlToken(
    SqlKind Kind,
    SqlWord Word,
    int Start,
    int End,
    bool IsOpen = false,
    bool AfterComment = false,
    bool IsExecutable = false);
