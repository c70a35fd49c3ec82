namespace LlmGuard.Http.Dialects.Gemini;

/// <summary>What path and query say about a call: the verb behind the model's colon, and how a stream is framed.</summary>
internal static class GeminiPath
{
    private static readonly string[] Verbs =
        [":generatecontent", ":streamgeneratecontent", ":counttokens", ":embedcontent", ":batchembedcontents"];

    /// <summary>Whether a clean path in lower case ends with a verb of this dialect.</summary>
    public static bool IsServed(ReadOnlySpan<string> path)
    {
        var last = path.IsEmpty ? "" : path[^1];
        foreach (var verb in Verbs)
        {
            if (last.EndsWith(verb, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsStreamed(ReadOnlySpan<string> path) =>
        !path.IsEmpty && path[^1].EndsWith(":streamgeneratecontent", StringComparison.Ordinal);

    public static bool IsStreamed(string rawPath) => IsStreamed(DialectRoute.Of(rawPath).Segments);

    /// <summary>Whether answers are texts of a model.</summary>
    public static bool Generates(string rawPath) =>
        DialectRoute.Of(rawPath).Segments is [.., var last] && last.EndsWith("generatecontent", StringComparison.Ordinal);

    /// <summary>Whether a stream is wanted as events rather than as one array.</summary>
    public static bool AsksForEvents(string rawQuery)
    {
        foreach (var pair in rawQuery.TrimStart('?').Split('&'))
        {
            if (pair.Split('=', 2) is [var name, var value] && Is(name, "alt", "$alt") && Is(value, "sse"))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(string raw, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Uri.UnescapeDataString(raw).Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
