namespace LlmGuard.Http.Wire;

/// <summary>Headers by which some servers replace the method, so that the rule that was matched would not be the one that applies.</summary>
internal static class MethodOverride
{
    private static readonly string[] Names = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

    /// <summary>Whether a header is one of them.</summary>
    // Servers that hand headers on as variables (CGI, WSGI) read an underscore as the hyphen. The lengths spare nearly every header the comparisons.
    public static bool IsOne(string name) =>
        name.Length is 13 or 17 or 22 && name[0] is 'X' or 'x' && Names.Contains(name.Replace('_', '-'), StringComparer.OrdinalIgnoreCase);

    /// <summary>The method that a header's value names, in upper case.</summary>
    public static string Of(string value) => value.Trim().ToUpperInvariant();

    public static bool IsPresent(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            if (IsOne(headers[i].Key))
            {
                return true;
            }
        }

        return false;
    }
}
