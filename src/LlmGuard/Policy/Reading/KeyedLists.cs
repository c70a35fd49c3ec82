namespace LlmGuard.Policy.Reading;

/// <summary>Rewrites lists of levels and entries that are written as objects, one key per item, into arrays.</summary>
/// <remarks>
/// Items are ordered by key, ignoring case, as <c>IConfiguration</c> orders them too: the order of keys in a document carries no meaning, and
/// <c>priority</c> is there to state one. The key becomes the item's id or name unless it has one; an entry without <c>name</c> is named by
/// its key and then has no id, so that it stays additive.
/// </remarks>
internal static class KeyedLists
{
    public static SettingsNode Normalise(SettingsNode root) => Rewrite(root, (name, value) => name switch
    {
        "gateway" => Level(value, "required_plugins"),
        "services" => Levels(value, "id", "required_plugins"),
        "rules" => Levels(value, "path", "plugin_chain"),
        "consumer_groups" or "consumers" => Levels(value, "name", "required_plugins"),
        _ => value,
    });

    private static SettingsNode Levels(SettingsNode list, string keyedBy, string entries)
    {
        var items = AsArray(list, (key, item) => item.Member(keyedBy) is null && (keyedBy != "path" || key.StartsWith('/')) ? keyedBy : null);
        return items.Kind == SettingsNodeKind.Array ? Array(items, items.Items.Select(item => Level(item, entries))) : items;
    }

    private static SettingsNode Level(SettingsNode level, string entries) => Rewrite(level, (name, value) => name == entries
        ? AsArray(value, static (_, item) => item.Member("name") is null ? "name" : item.Member("id") is null ? "id" : null)
        : value);

    private static SettingsNode AsArray(SettingsNode list, Func<string, SettingsNode, string?> keyIs) => list switch
    {
        { Kind: SettingsNodeKind.Object } => Array(list, list.Members
            .Where(member => member.Value.Kind != SettingsNodeKind.Null || member.Value.IsLoose)
            .OrderBy(member => member.Key, StringComparer.OrdinalIgnoreCase)
            .Select(member => Named(member.Key, Filled(member.Value), keyIs))),
        { Kind: SettingsNodeKind.String, IsLoose: true, Text: "" } => Array(list, []),
        _ => list,
    };

    // Configuration cannot tell {} from null or an empty text. Taken for {}, a guard stays where somebody may have meant to write one.
    private static SettingsNode Filled(SettingsNode item) =>
        item is { IsLoose: true, Kind: SettingsNodeKind.Null or SettingsNodeKind.String, Text: "" }
        ? new SettingsNode { Kind = SettingsNodeKind.Object, Path = item.Path, IsLoose = true }
        : item;

    private static SettingsNode Named(string key, SettingsNode item, Func<string, SettingsNode, string?> keyIs)
    {
        if (item.Kind != SettingsNodeKind.Object || keyIs(key, item) is not { } member)
        {
            return item;
        }

        var name = new SettingsNode { Kind = SettingsNodeKind.String, Path = item.Path, Text = key, IsLoose = item.IsLoose };
        return new SettingsNode
        {
            Kind = SettingsNodeKind.Object,
            Path = item.Path,
            IsLoose = item.IsLoose,
            Members = [KeyValuePair.Create(member, name), .. item.Members.Where(m => !m.Key.Equals(member, StringComparison.OrdinalIgnoreCase))],
        };
    }

    private static SettingsNode Rewrite(SettingsNode node, Func<string, SettingsNode, SettingsNode> rewrite) => node.Kind != SettingsNodeKind.Object
        ? node
        : new SettingsNode
        {
            Kind = SettingsNodeKind.Object,
            Path = node.Path,
            IsLoose = node.IsLoose,
            Members = [.. node.Members.Select(m => KeyValuePair.Create(m.Key, rewrite(node.IsLoose ? m.Key.ToLowerInvariant() : m.Key, m.Value)))],
        };

    private static SettingsNode Array(SettingsNode origin, IEnumerable<SettingsNode> items) =>
        new() { Kind = SettingsNodeKind.Array, Path = origin.Path, IsLoose = origin.IsLoose, Items = [.. items] };
}
