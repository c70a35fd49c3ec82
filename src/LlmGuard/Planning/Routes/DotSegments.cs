namespace LlmGuard.Planning.Routes;

/// <summary>Removes <c>.</c> and <c>..</c> segments from a path that starts with a slash (RFC 3986, section 5.2.4).</summary>
internal static class DotSegments
{
    public static string Remove(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal))
        {
            return path;
        }

        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            if (segments[i] is not ("." or ".."))
            {
                kept.Add(segments[i]);
                continue;
            }

            if (segments[i] == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }

            if (isLast)
            {
                kept.Add("");
            }
        }

        return "/" + string.Join('/', kept);
    }
}
