using LlmGuard.Policy.Revisions;

namespace LlmGuard.Policy.Reading;

/// <summary>Makes one document of several.</summary>
/// <remarks>
/// Levels of one kind and name (rules: of one path and the same methods) become one level; its entries follow in the order of the files. Any
/// other key that two files give must have the same value in both. Objects such as <c>limits</c> are compared key by key.
/// </remarks>
internal sealed class PolicyMerge(ICollection<SettingsProblem> problems)
{
    public SettingsNode Merge(IReadOnlyList<SettingsNode> roots) => roots.Aggregate((first, second) => Objects(first, second, Root));

    private SettingsNode Root(string key, SettingsNode first, SettingsNode second) => key switch
    {
        "gateway" => Objects(first, second, Level),
        "services" => Levels(first, second, static level => level.Member("id")?.Text),
        "rules" => Levels(first, second, RuleKey),
        "consumer_groups" or "consumers" => Levels(first, second, static level => level.Member("name")?.Text),
        _ => Values(first, second),
    };

    private SettingsNode Level(string key, SettingsNode first, SettingsNode second) => key switch
    {
        "required_plugins" or "plugin_chain" when first.Kind == SettingsNodeKind.Array && second.Kind == SettingsNodeKind.Array =>
            Array(first, [.. first.Items, .. second.Items]),
        // Rules are one because their methods are the same, in whatever order.
        "methods" => first,
        _ => Values(first, second),
    };

    private SettingsNode Levels(SettingsNode first, SettingsNode second, Func<SettingsNode, string?> keyOf)
    {
        if (first.Kind != SettingsNodeKind.Array || second.Kind != SettingsNodeKind.Array)
        {
            return Values(first, second);
        }

        var levels = first.Items.ToList();
        foreach (var level in second.Items)
        {
            var key = keyOf(level);
            var same = key is null ? -1 : levels.FindIndex(other => keyOf(other) == key);
            if (same < 0)
            {
                levels.Add(level);
            }
            else
            {
                levels[same] = Objects(levels[same], level, Level);
            }
        }

        return Array(first, levels);
    }

    private SettingsNode Objects(SettingsNode first, SettingsNode second, Func<string, SettingsNode, SettingsNode, SettingsNode> merge)
    {
        if (first.Kind != SettingsNodeKind.Object || second.Kind != SettingsNodeKind.Object)
        {
            return Values(first, second);
        }

        var members = first.Members.ToList();
        foreach (var (key, value) in second.Members)
        {
            var same = members.FindIndex(member => member.Key == key);
            if (same < 0)
            {
                members.Add(KeyValuePair.Create(key, value));
            }
            else
            {
                members[same] = KeyValuePair.Create(key, merge(key, members[same].Value, value));
            }
        }

        return new SettingsNode { Kind = SettingsNodeKind.Object, Path = first.Path, IsLoose = first.IsLoose, Members = members };
    }

    private SettingsNode Values(SettingsNode first, SettingsNode second)
    {
        if (first.Kind == SettingsNodeKind.Object && second.Kind == SettingsNodeKind.Object)
        {
            return Objects(first, second, (_, a, b) => Values(a, b));
        }

        if (!CanonicalJson.Write(first).SequenceEqual(CanonicalJson.Write(second)))
        {
            problems.Add(new SettingsProblem(
                second.Path, $"conflicts with {first.Path}: files that are merged may not give one key different values"));
        }

        return first;
    }

    private static string? RuleKey(SettingsNode rule)
    {
        var methods = (rule.Member("methods")?.Items ?? []).Select(m => m.Text.ToUpperInvariant()).Distinct().Order(StringComparer.Ordinal);
        return rule.Member("path") is { } path ? $"{path.Text} {string.Join(',', methods)}" : null;
    }

    private static SettingsNode Array(SettingsNode origin, IReadOnlyList<SettingsNode> items) =>
        new() { Kind = SettingsNodeKind.Array, Path = origin.Path, IsLoose = origin.IsLoose, Items = items };
}
