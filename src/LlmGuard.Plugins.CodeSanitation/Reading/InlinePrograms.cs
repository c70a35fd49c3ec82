namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Programs of one line that an interpreter is given: <c>node -e "..."</c>, as packages run them when they are installed.</summary>
internal static class InlinePrograms
{
    private const int Longest = 512;

    /// <summary>Whether such a program fetches something and evaluates something: in so short a program that is the same.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the program begins.</param>
    /// <param name="nextAddress">Where the next address stands from here on; below <paramref name="at"/> where that is not known. Addresses are rare,
    /// so that many programs in a row are not read one by one.</param>
    /// <param name="findings">Is told the steps.</param>
    public static bool RunWhatTheyFetch(ReadOnlySpan<byte> text, int at, ref int nextAddress, CodeFindings findings)
    {
        if (nextAddress < at)
        {
            var found = text[at..].IndexOf("://"u8);
            nextAddress = found < 0 ? text.Length : at + found;
            findings.Steps += nextAddress - at;
        }

        if (nextAddress - at >= Longest)
        {
            return false;
        }

        var code = text[at..Math.Min(at + Longest, text.Length)];
        var end = code.IndexOf((byte)'\n');
        code = end < 0 ? code : code[..end];
        findings.Steps += code.Length;
        return (code.IndexOf("eval("u8) >= 0 || code.IndexOf("exec("u8) >= 0) && code.IndexOf("://"u8) > 0
            && (code.IndexOf("get("u8) >= 0 || code.IndexOf("fetch("u8) >= 0 || code.IndexOf("urlopen("u8) >= 0
                || code.IndexOf("request("u8) >= 0);
    }
}
