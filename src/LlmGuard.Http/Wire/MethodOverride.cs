namespace LlmGuard.Http.Wire;

/// <summary>Headers by which some servers replace the method, so that the rule that was matched would not be the one that applies.</summary>
internal static class MethodOverride
{
    private static readonly string[] Names = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

    /// <summary>The methods that the headers name, in upper case.</summary>
    public static IEnumerable<string> Values(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> headers)
    {
        foreach (var (name, values) in headers)
        {
            if (IsOne(name))
            {
                yield return values.ToString().Trim().ToUpperInvariant();
            }
        }
    }

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

    // Servers that hand headers on as variables (CGI, WSGI) read an underscore as the hyphen.
    private static bool IsOne(string name) => Names.Contains(name.Replace('_', '-'), StringComparer.OrdinalIgnoreCase);
}
