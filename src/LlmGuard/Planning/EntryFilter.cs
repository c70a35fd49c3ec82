namespace LlmGuard.Planning;

/// <summary>Which segments an entry judges. An empty list of roles or kinds means all; one of sources, those its plugin reads.</summary>
internal sealed record EntryFilter
{
    public static EntryFilter Everything { get; } = new();

    public IReadOnlyList<string> Roles { get; init; } = [];

    public IReadOnlyList<string> Kinds { get; init; } = [];

    public IReadOnlyList<SegmentSource> Sources { get; init; } = [];

    public bool IsEverything => Roles.Count == 0 && Kinds.Count == 0 && Sources.Count == 0;

    /// <summary>Roles and kinds are claims of the client: one that no policy can name satisfies every filter.</summary>
    public bool Matches(Segment segment) =>
        (Roles.Count == 0 || !segment.Role.IsKnown || Roles.Contains(segment.Role.Value, StringComparer.Ordinal))
        && (Kinds.Count == 0 || !segment.Kind.IsKnown || Kinds.Contains(segment.Kind.Value, StringComparer.Ordinal))
        && (Sources.Count == 0 || Sources.Contains(segment.Source));
}
