using LlmGuard.Planning;

namespace LlmGuard.Execution.Evaluations;

/// <summary>Which segments an entry is given: those its filter selects, of the sources its plugin says it reads.</summary>
internal static class EntryContent
{
    /// <summary>The content as the entry sees it; the same instance when it sees all of it.</summary>
    public static GuardrailContent For(PlanEntry entry, GuardrailContent content)
    {
        if (entry.Filter.IsEverything && (entry.Needs & EntrySources.All) == EntrySources.All)
        {
            return content;
        }

        // What most entries see, so that it is made once for all of them.
        return entry.Filter.IsEverything && (entry.Needs & EntrySources.All) == GuardrailNeeds.Content
            ? content.OfBody ??= Filtered(entry, content)
            : Filtered(entry, content);
    }

    private static GuardrailContent Filtered(PlanEntry entry, GuardrailContent content)
    {
        foreach (var segment in content)
        {
            if (!Includes(entry, segment))
            {
                return content.Where(entry, static (e, s) => Includes(e, s));
            }
        }

        return content;
    }

    /// <summary>
    /// The request's content at a later stage: of the sources the plugin says it reads, whatever the entry's filter selects of the answer.
    /// </summary>
    public static GuardrailContent? OfSources(PlanEntry entry, GuardrailContent? content) =>
        content?.Where(entry.Plugin.Needs | GuardrailNeeds.Content, static (needs, s) => (needs & EntrySources.NeedFor(s.Source)) != 0);

    public static bool Includes(PlanEntry entry, Segment segment) =>
        (entry.Needs & EntrySources.NeedFor(segment.Source)) != 0 && (entry.Filter.IsEverything || entry.Filter.Matches(segment));

    /// <summary>Whether the entry reads any segment at all, rather than only facts about the call.</summary>
    public static bool ReadsSegments(PlanEntry entry) => (entry.Needs & EntrySources.All) != 0;

    public static bool ReadsBody(PlanEntry entry) => (entry.Needs & GuardrailNeeds.Content) != 0;
}
