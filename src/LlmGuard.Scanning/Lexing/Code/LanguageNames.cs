using System.Text;

namespace LlmGuard.Scanning.Lexing.Code;

/// <summary>What languages are called in policies and on code fences.</summary>
internal static class LanguageNames
{
    /// <summary>The names of settings, in the order of the bits.</summary>
    public static readonly KeyValuePair<string, CodeLanguages>[] Settings =
    [
        new("javascript", CodeLanguages.JavaScript), new("python", CodeLanguages.Python),
        new("php", CodeLanguages.Php), new("sql", CodeLanguages.Sql),
        new("shell", CodeLanguages.Shell), new("java", CodeLanguages.Java), new("csharp", CodeLanguages.CSharp), new("ruby", CodeLanguages.Ruby),
        new("html", CodeLanguages.Html), new("go", CodeLanguages.Go), new("powershell", CodeLanguages.PowerShell), new("rust", CodeLanguages.Rust),
        new("c", CodeLanguages.C), new("cpp", CodeLanguages.C),
    ];

    private static readonly Dictionary<string, CodeLanguages> Fences = new(StringComparer.OrdinalIgnoreCase)
    {
        ["js"] = CodeLanguages.JavaScript, ["jsx"] = CodeLanguages.JavaScript, ["ts"] = CodeLanguages.JavaScript, ["tsx"] = CodeLanguages.JavaScript,
        ["typescript"] = CodeLanguages.JavaScript, ["node"] = CodeLanguages.JavaScript, ["mjs"] = CodeLanguages.JavaScript,
        ["py"] = CodeLanguages.Python, ["python3"] = CodeLanguages.Python, ["py3"] = CodeLanguages.Python,
        ["sh"] = CodeLanguages.Shell, ["bash"] = CodeLanguages.Shell, ["zsh"] = CodeLanguages.Shell,
            ["console"] = CodeLanguages.Shell, ["shellscript"] = CodeLanguages.Shell,
        ["kotlin"] = CodeLanguages.Java, ["scala"] = CodeLanguages.Java, ["groovy"] = CodeLanguages.Java,
        ["cs"] = CodeLanguages.CSharp, ["c#"] = CodeLanguages.CSharp, ["rb"] = CodeLanguages.Ruby, ["golang"] = CodeLanguages.Go,

        // Near enough: what is run, how values stand in texts, and its comments but for two slashes.
        ["perl"] = CodeLanguages.Php, ["pl"] = CodeLanguages.Php,
        ["ps1"] = CodeLanguages.PowerShell, ["pwsh"] = CodeLanguages.PowerShell, ["rs"] = CodeLanguages.Rust,
        ["c++"] = CodeLanguages.C, ["h"] = CodeLanguages.C, ["hpp"] = CodeLanguages.C, ["cc"] = CodeLanguages.C,
        ["mysql"] = CodeLanguages.Sql, ["postgresql"] = CodeLanguages.Sql, ["plsql"] = CodeLanguages.Sql, ["tsql"] = CodeLanguages.Sql,
        ["xml"] = CodeLanguages.Html, ["htm"] = CodeLanguages.Html,
    };

    static LanguageNames()
    {
        foreach (var (name, language) in Settings)
        {
            Fences[name] = language;
        }
    }

    /// <summary>The language that a fence names, or none.</summary>
    public static CodeLanguages Find(ReadOnlySpan<byte> fence)
    {
        Span<char> name = stackalloc char[16];
        if (fence.Length > name.Length || Ascii.ToUtf16(fence, name, out var count) != System.Buffers.OperationStatus.Done)
        {
            return CodeLanguages.None;
        }

        return Fences.GetAlternateLookup<ReadOnlySpan<char>>().GetValueOrDefault(name[..count]);
    }

    private static CodeLanguages GetValueOrDefault(
        this Dictionary<string, CodeLanguages>.AlternateLookup<ReadOnlySpan<char>> lookup,
        ReadOnlySpan<char> name) =>
        lookup.TryGetValue(name, out var language) ? language : CodeLanguages.None;
}
