namespace LlmGuard.Planning;

/// <summary>Which segments an entry judges. An empty list means all; without sources, what its plugin reads by default: the body.</summary>
internal sealed record EntryFilter
{
    public const GuardrailNeeds AllSources = GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery;

    public static EntryFilter Everything { get; } = new();

    public IReadOnlyList<string> Roles { get; init; } = [];

    public IReadOnlyList<string> Kinds { get; init; } = [];

    public IReadOnlyList<SegmentSource> Sources { get; init; } = [];

    public bool IsEverything => Roles.Count == 0 && Kinds.Count == 0 && Sources.Count == 0;

    /// <summary>The needs that its sources stand for; none when it names none.</summary>
    public GuardrailNeeds SourceNeeds
    {
        get
        {
            var needs = GuardrailNeeds.None;
            foreach (var source in Sources)
            {
                needs |= NeedFor(source);
            }

            return needs;
        }
    }

    /// <summary>The sources judged by an entry of the plugin: those it names, else those that the plugin reads by default.</summary>
    public IReadOnlyList<SegmentSource> SourcesOf(GuardrailPluginMetadata? plugin) => Sources.Count > 0
        ? Sources
        : [.. Enum.GetValues<SegmentSource>().Where(source => ((plugin?.Needs ?? GuardrailNeeds.Content) & NeedFor(source)) != 0)];

    public static GuardrailNeeds NeedFor(SegmentSource source) => source switch
    {
        SegmentSource.Headers => GuardrailNeeds.Headers,
        SegmentSource.PathAndQuery => GuardrailNeeds.PathAndQuery,
        _ => GuardrailNeeds.Content,
    };

    /// <summary>Roles and kinds are claims of the client: one that no policy can name satisfies every filter.</summary>
    public bool Matches(Segment segment) =>
        (Roles.Count == 0 || !segment.Role.IsKnown || Roles.Contains(segment.Role.Value, StringComparer.Ordinal))
        && (Kinds.Count == 0 || !segment.Kind.IsKnown || Kinds.Contains(segment.Kind.Value, StringComparer.Ordinal))
        && (Sources.Count == 0 || Sources.Contains(segment.Source));
}
