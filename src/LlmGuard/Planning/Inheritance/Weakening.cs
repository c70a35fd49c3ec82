using System.Globalization;
using LlmGuard.Policy;

namespace LlmGuard.Planning.Inheritance;

/// <summary>Tells in which ways an entry guards less than the one it replaces. Settings are compared, never quoted.</summary>
internal static class Weakening
{
    public static IReadOnlyList<string> Describe(PolicyEntry inherited, PolicyEntry by)
    {
        var weaker = new List<string>();
        if (inherited.Plugin != by.Plugin)
        {
            weaker.Add($"plugin {inherited.Plugin} -> {by.Plugin}");
        }
        else if (inherited.Settings != by.Settings)
        {
            weaker.Add("other settings");
        }

        if (inherited.Mode == EntryMode.Enforce && by.Mode == EntryMode.Monitor)
        {
            weaker.Add("mode enforce -> monitor");
        }

        if (inherited.OnError == FailurePolicy.Block && by.OnError == FailurePolicy.Allow)
        {
            weaker.Add("on_error block -> allow");
        }

        if (by.Timeout < inherited.Timeout)
        {
            weaker.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"timeout_ms {inherited.Timeout.TotalMilliseconds} -> {by.Timeout.TotalMilliseconds}"));
        }

        AddLost(weaker, "roles", inherited.Filter.Roles, by.Filter.Roles);
        AddLost(weaker, "kinds", inherited.Filter.Kinds, by.Filter.Kinds);
        AddLost(weaker, "sources", EntrySources.Of(inherited.Metadata, inherited.Filter.Sources), EntrySources.Of(by.Metadata, by.Filter.Sources));
        AddLost(weaker, "seams", inherited.Seams, by.Seams);
        if (inherited.Stages.Except(by.Stages).ToList() is { Count: > 0 } stages)
        {
            weaker.Add($"no longer at {string.Join(" and ", stages.Select(PolicyNames.Of))}");
        }

        return weaker;
    }

    // An empty list means all.
    private static void AddLost<T>(List<string> weaker, string key, IReadOnlyList<T> inherited, IReadOnlyList<T> by)
    {
        if (by.Count > 0 && (inherited.Count == 0 || inherited.Except(by).Any()))
        {
            weaker.Add($"{key} narrowed");
        }
    }
}
