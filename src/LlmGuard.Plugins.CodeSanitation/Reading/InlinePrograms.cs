namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Programs of one line that an interpreter is given: <c>node -e "..."</c>, as packages run them when they are installed.</summary>
internal static class InlinePrograms
{
    private const int Longest = 512;

    /// <summary>Whether such a program fetches something and evaluates something: in so short a program that is the same.</summary>
    public static bool RunWhatTheyFetch(ReadOnlySpan<byte> rest, CodeFindings findings)
    {
        var code = rest[..Math.Min(Longest, rest.Length)];
        var end = code.IndexOf((byte)'\n');
        code = end < 0 ? code : code[..end];
        findings.Steps += code.Length;
        return (code.IndexOf("eval("u8) >= 0 || code.IndexOf("exec("u8) >= 0) && code.IndexOf("://"u8) > 0
            && (code.IndexOf("get("u8) >= 0 || code.IndexOf("fetch("u8) >= 0 || code.IndexOf("urlopen("u8) >= 0
                || code.IndexOf("request("u8) >= 0);
    }
}
