namespace LlmGuard.Http.Dialects;

/// <summary>What a path is to the dialects. Remembered for the routes of models, which are few and called all the time.</summary>
internal sealed class DialectRoute
{
    private const int Slots = 64;
    private const int LongestKept = 256;

    // By the hash of the path, the last one wins. Paths that no dialect serves are the application's own and are not kept.
    private static readonly DialectRoute?[] Kept = new DialectRoute?[Slots];

    private readonly string _rawPath;
    private readonly string[] _segments;

    private DialectRoute(string rawPath)
    {
        _rawPath = rawPath;
        _segments = DialectPath.Split(rawPath);
        (Posted, Listened) = DialectRegistry.Serving(_segments);
    }

    /// <summary>The path's segments as <see cref="DialectPath.Split"/> reads them.</summary>
    public ReadOnlySpan<string> Segments => _segments;

    /// <summary>The dialect of what is posted there, or null.</summary>
    public string? Posted { get; }

    /// <summary>The dialect of what is listened to there, or null.</summary>
    public string? Listened { get; }

    public static DialectRoute Of(string rawPath)
    {
        ref var slot = ref Kept[(uint)rawPath.GetHashCode(StringComparison.Ordinal) % Slots];
        if (Volatile.Read(ref slot) is { } kept && kept._rawPath == rawPath)
        {
            return kept;
        }

        var route = new DialectRoute(rawPath);
        if (route.Posted is not null && rawPath.Length <= LongestKept)
        {
            Volatile.Write(ref slot, route);
        }

        return route;
    }
}
