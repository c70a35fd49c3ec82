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

    /// <summary>
    /// Whether a path is that of an operation of an API: alone, or under a version, <c>openai</c> or a deployment, behind any prefix.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="operation">The operation's segments, whose words alone are too common to give a dialect away.</param>
    public static bool IsOfApi(ReadOnlySpan<string> path, params ReadOnlySpan<string> operation)
    {
        if (!EndsWith(path, operation))
        {
            return false;
        }

        var root = path[..^operation.Length];
        return root.IsEmpty
            || root[^1] is "openai"
            || IsVersion(root[^1])
            || (root.Length >= 2 && root[^2] is "deployments" or "engines");
    }

    /// <summary>Whether a path ends with some segments.</summary>
    public static bool EndsWith(ReadOnlySpan<string> path, params ReadOnlySpan<string> tail) =>
        path.Length >= tail.Length && path[^tail.Length..].SequenceEqual(tail);

    private static bool IsVersion(string segment) => segment is ['v', >= '0' and <= '9', ..];
}
