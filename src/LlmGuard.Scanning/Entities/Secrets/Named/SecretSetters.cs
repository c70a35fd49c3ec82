namespace LlmGuard.Scanning.Entities.Secrets.Named;

/// <summary>
/// What gives a secret to something without a sign of assignment: <c>setPassword("...")</c>, <c>withApiKey("...")</c>, <c>password("...")</c>.
/// </summary>
internal static class SecretSetters
{
    private const int LongestName = 56;

    private static readonly byte[][] Verbs = [.. new[] { "set", "with", "add", "use" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Whether what stands before an offset is such: a name that sets, or one of a single word.</summary>
    public static bool Precede(ref ScanText text, int at)
    {
        var start = at;
        while (at - start < LongestName && (AsciiByte.IsAlphanumeric(text[start - 1]) || text[start - 1] is '_' or '-'))
        {
            start--;
        }

        var name = text.Bytes[start..at];
        if (name.IsEmpty || SecretNames.KindOf(name) is not (SecretKind.Password or SecretKind.Token or SecretKind.Key))
        {
            return false;
        }

        return Sets(name);
    }

    private static bool Sets(ReadOnlySpan<byte> name)
    {
        foreach (var verb in Verbs)
        {
            if (name.Length > verb.Length && Begins(name, verb))
            {
                return true;
            }
        }

        return !IsCompound(name);

        static bool Begins(ReadOnlySpan<byte> name, ReadOnlySpan<byte> verb) => (name[0] | 0x20) == verb[0] && name[1..].StartsWith(verb[1..]);
    }

    private static bool IsCompound(ReadOnlySpan<byte> name)
    {
        for (var i = 1; i < name.Length; i++)
        {
            if (name[i] is (byte)'_' or (byte)'-' || (AsciiByte.IsUpper(name[i]) && AsciiByte.IsLower(name[i - 1])))
            {
                return true;
            }
        }

        return false;
    }
}
