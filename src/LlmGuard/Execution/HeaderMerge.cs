namespace LlmGuard.Execution;

/// <summary>Makes one header of those that several entries set and that say something together; seams write the last one of a name.</summary>
internal static class HeaderMerge
{
    private static readonly string[] Lists = ["RateLimit", "RateLimit-Policy"];

    public static KeyValuePair<string, string>[] Of(KeyValuePair<string, string>[] headers)
    {
        for (var i = 0; i < headers.Length; i++)
        {
            var (name, value) = headers[i];
            for (var j = 0; j < i && IsList(name); j++)
            {
                if (headers[j].Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    headers[j] = KeyValuePair.Create(name, $"{headers[j].Value}, {value}");
                    return Of([.. headers[..i], .. headers[(i + 1)..]]);
                }
            }
        }

        return headers;
    }

    private static bool IsList(string name)
    {
        foreach (var list in Lists)
        {
            if (list.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
