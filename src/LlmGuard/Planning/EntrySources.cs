namespace LlmGuard.Planning;

/// <summary>The sources an entry reads: those the policy names, or where it names none those the plugin declares to need.</summary>
internal static class EntrySources
{
    public const GuardrailNeeds All = GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery;

    public static GuardrailNeeds NeedFor(SegmentSource source) => source switch
    {
        SegmentSource.Headers => GuardrailNeeds.Headers,
        SegmentSource.PathAndQuery => GuardrailNeeds.PathAndQuery,
        _ => GuardrailNeeds.Content,
    };

    /// <summary>What an entry needs: its plugin's needs, with the sources the policy names in the place of the plugin's own.</summary>
    public static GuardrailNeeds Needs(GuardrailPluginMetadata plugin, IReadOnlyList<SegmentSource> named) => named.Count == 0
        ? plugin.Needs
        : named.Aggregate(plugin.Needs & ~All, static (needs, source) => needs | NeedFor(source));

    /// <summary>The named sources, or the plugin's own where none is named.</summary>
    public static IReadOnlyList<SegmentSource> Of(GuardrailPluginMetadata? plugin, IReadOnlyList<SegmentSource> named) =>
        named.Count > 0 || plugin is null
        ? named
        : [.. Enum.GetValues<SegmentSource>().Where(source => (plugin.Needs & NeedFor(source)) != 0)];
}
