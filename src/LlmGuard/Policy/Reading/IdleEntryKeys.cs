using LlmGuard.Planning;

namespace LlmGuard.Policy.Reading;

/// <summary>Refuses keys of an entry that nothing would honour.</summary>
internal static class IdleEntryKeys
{
    /// <summary>Refuses those that are given.</summary>
    /// <param name="s">The entry.</param>
    /// <param name="filter">What it judges.</param>
    /// <param name="settings">The plugin's settings; null when it has read none.</param>
    /// <param name="metadata">The plugin; null when there is none of that name.</param>
    /// <param name="pluginKeys">The keys the plugin reads.</param>
    public static void Refuse(
        GuardrailSettings s,
        EntryFilter filter,
        GuardrailSettings? settings,
        GuardrailPluginMetadata? metadata,
        IReadOnlySet<string> pluginKeys)
    {
        // An empty list would say that nothing is judged, and stand for everything.
        s.RefuseEmpty("roles", "kinds", "sources", "seams", "content_to_check");
        RefuseContradictions(s, filter);
        if (metadata is null)
        {
            return;
        }

        s.RefuseIdle(
            (metadata.Needs & EntrySources.All) == 0, $"with the plugin '{metadata.Name}', which judges no text",
            "roles", "kinds", "sources", "content_to_check");
        if (settings is not null)
        {
            // The plugin guide has it in the settings.
            if (!pluginKeys.Contains("content_to_check"))
            {
                settings.RefuseEmpty("content_to_check");
            }

            RefuseTwice(s, settings, "status_code", settings, "status_code", pluginKeys);
            RefuseTwice(s, settings, "message", settings, "error_message", pluginKeys);
            if (pluginKeys.Contains("actions"))
            {
                RefuseTwice(s, settings, "message", settings.Object("actions"), "message", pluginKeys);
            }
        }
    }

    // A filter that another one of the same entry leaves nothing for. Only bodies hold what has a role, or a kind that no policy can name.
    private static void RefuseContradictions(GuardrailSettings s, EntryFilter filter)
    {
        if (filter.Sources.Count > 0 && filter.Kinds.Count > 0)
        {
            foreach (var kind in filter.Kinds.Distinct(StringComparer.Ordinal).Where(kind =>
                !filter.Sources.Any(source => PolicyWords.StandsIn(kind, source))))
            {
                s.Problem("kinds", $"\"{kind}\" has no effect: \"sources\" leaves out where it stands");
            }

            foreach (var source in filter.Sources.Where(source => source != SegmentSource.Body
                && !filter.Kinds.Any(kind => PolicyWords.StandsIn(kind, source))))
            {
                s.Problem("sources", $"\"{PolicyNames.Of(source)}\" has no effect: \"kinds\" leaves out all that stands there");
            }
        }

        var isBodiless = filter.Sources.Count > 0 ? !filter.Sources.Contains(SegmentSource.Body)
            : filter.Kinds.Count > 0 && !filter.Kinds.Any(static kind => PolicyWords.StandsIn(kind, SegmentSource.Body));
        s.RefuseIdle(isBodiless, "on headers, path and query, which are nobody's words", "roles");
    }

    // What the entry says of the refusal counts for more than what the settings say.
    private static void RefuseTwice(
        GuardrailSettings s,
        GuardrailSettings settings,
        string key,
        GuardrailSettings other,
        string otherKey,
        IReadOnlySet<string> pluginKeys)
    {
        if (s.TextOf(key) is { } here && other.TextOf(otherKey) is { } there && (other != settings || pluginKeys.Contains(otherKey)) && here != there)
        {
            s.Problem(key, $"says something else than {SettingsNodeParser.Child(other.Path, otherKey)}: give one of them");
        }
    }
}
