namespace LlmGuard.Http.Dialects;

/// <summary>Reads a path as generously as any server might, so that no spelling of a model's route escapes its dialect.</summary>
internal static class DialectPath
{
    /// <summary>The segments in lower case: decoded twice, <c>\</c> as <c>/</c>, without parameters, empty and dot segments.</summary>
    public static string[] Split(string rawPath)
    {
        var path = Uri.UnescapeDataString(Uri.UnescapeDataString(rawPath)).Replace('\\', '/').ToLowerInvariant();
        var segments = new List<string>();
        foreach (var part in path.Split('/'))
        {
            var parameters = part.IndexOf(';', StringComparison.Ordinal);
            var segment = parameters < 0 ? part : part[..parameters];
            if (segment == "..")
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (segment is not ("" or "."))
            {
                segments.Add(segment);
            }
        }

        return [.. segments];
    }

    /// <summary>Whether a path ends with some segments.</summary>
    public static bool EndsWith(ReadOnlySpan<string> path, params ReadOnlySpan<string> tail) =>
        path.Length >= tail.Length && path[^tail.Length..].SequenceEqual(tail);
}
