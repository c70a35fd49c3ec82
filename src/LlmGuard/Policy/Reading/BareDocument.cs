namespace LlmGuard.Policy.Reading;

/// <summary>A document that is only one level, as in the plugin guide: a rule, a gateway or a consumer group on its own.</summary>
internal static class BareDocument
{
    private static readonly string[] RootKeys = ["gateway", "services", "rules", "consumer_groups", "consumers", "identity", "allow_empty"];

    private static readonly string[] LevelKeys = ["path", "subdomain", "name", "required_plugins", "plugin_chain"];

    /// <summary>Puts a bare document under the key it belongs to. Paths stay as they are in the document.</summary>
    /// <param name="root">The document.</param>
    /// <param name="isGateway">Whether the loader says that a document without a path is a gateway.</param>
    /// <param name="notes">Told what the document was taken for.</param>
    /// <param name="bareRule">Told the path of a bare rule, where an undefined <c>service_id</c> has no effect.</param>
    public static SettingsNode Wrap(SettingsNode root, bool isGateway, ICollection<string> notes, ICollection<string> bareRule)
    {
        if (root.Kind != SettingsNodeKind.Object || HasAny(root, RootKeys) || !HasAny(root, LevelKeys))
        {
            return root;
        }

        if (root.Member("path") is not null)
        {
            notes.Add($"{root.Path}: taken for a rule, because it has a path");
            bareRule.Add(root.Path);
            return Under(root, "rules", asList: true);
        }

        if (isGateway || root.Member("subdomain") is not null)
        {
            notes.Add($"{root.Path}: taken for a gateway, because {(isGateway ? "the options say so" : "it has a subdomain")}");
            return Under(root, "gateway", asList: false);
        }

        if (root.Member("name") is null)
        {
            // A group has a name. Without one these are entries in the wrong place, and the reader tells the keys it knows.
            return root;
        }

        notes.Add($"{root.Path}: taken for a consumer group, because it has neither a path nor a subdomain");
        return Under(root, "consumer_groups", asList: true);
    }

    private static bool HasAny(SettingsNode root, string[] keys) => keys.Any(key => root.Member(key) is not null);

    private static SettingsNode Under(SettingsNode root, string key, bool asList) => new()
    {
        Kind = SettingsNodeKind.Object,
        Path = root.Path,
        IsLoose = root.IsLoose,
        Members =
        [
            KeyValuePair.Create(key, asList
                ? new SettingsNode { Kind = SettingsNodeKind.Array, Path = root.Path, IsLoose = root.IsLoose, Items = [root] }
                : root),
        ],
    };
}
