namespace LlmGuard.Scanning.Lexing.Code;

/// <summary>Programming languages, one bit each.</summary>
[Flags]
internal enum CodeLanguages
{
    None = 0,
    JavaScript = 1 << 0,
    Python = 1 << 1,
    Php = 1 << 2,
    Sql = 1 << 3,
    Shell = 1 << 4,
    Java = 1 << 5,
    CSharp = 1 << 6,
    Ruby = 1 << 7,
    Html = 1 << 8,
    Go = 1 << 9,
    PowerShell = 1 << 10,
    Rust = 1 << 11,

    /// <summary>C and C++.</summary>
    C = 1 << 12,

    All = (1 << 13) - 1,
}
