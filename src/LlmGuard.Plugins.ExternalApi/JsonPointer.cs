namespace LlmGuard.Plugins.ExternalApi;

/// <summary>The escapes of JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>A reference token as it is meant: <c>~1</c> is a slash, <c>~0</c> a tilde.</summary>
    /// <exception cref="FormatException">A tilde stands for nothing.</exception>
    public static string Unescape(string token)
    {
        for (var at = token.IndexOf('~', StringComparison.Ordinal); at >= 0; at = token.IndexOf('~', at + 1))
        {
            if (at + 1 == token.Length || token[at + 1] is not ('0' or '1'))
            {
                throw new FormatException("in a JSON pointer \"~\" is written \"~0\" and \"/\" within a name \"~1\"");
            }
        }

        return token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }
}
