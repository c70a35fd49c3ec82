using LlmGuard.Planning;

namespace LlmGuard.Policy;

/// <summary>The words of the policy document and what they stand for.</summary>
internal static class PolicyWords
{
    public static readonly KeyValuePair<string, GuardrailStage>[] Stages =
    [
        new("pre_request", GuardrailStage.PreRequest), new("post_request", GuardrailStage.PostRequest),
        new("pre_response", GuardrailStage.PreResponse), new("post_response", GuardrailStage.PostResponse),
    ];

    /// <summary><c>observe</c> is the word of the plugin guide.</summary>
    public static readonly KeyValuePair<string, EntryMode>[] Modes =
        [new("enforce", EntryMode.Enforce), new("monitor", EntryMode.Monitor), new("observe", EntryMode.Monitor)];

    public static readonly KeyValuePair<string, FailurePolicy>[] OnError = [new("block", FailurePolicy.Block), new("allow", FailurePolicy.Allow)];

    public static readonly KeyValuePair<string, SegmentSource>[] Sources =
        [new("body", SegmentSource.Body), new("headers", SegmentSource.Headers), new("path_and_query", SegmentSource.PathAndQuery)];

    public static readonly KeyValuePair<string, GuardrailSeam>[] Seams =
    [
        new("incoming", GuardrailSeam.Incoming), new("outgoing", GuardrailSeam.Outgoing), new("chat", GuardrailSeam.Chat),
        new("mcp", GuardrailSeam.Mcp), new("code", GuardrailSeam.Code),
    ];

    public static readonly KeyValuePair<string, string>[] Roles = Same("system", "user", "assistant", "tool");

    public static readonly KeyValuePair<string, string>[] Kinds = Same(
        "message", "tool_call", "tool_result", "tool_definition", "reasoning", "refusal", "document", "error", "key", "header", "path", "query", "metadata");

    public static readonly KeyValuePair<string, string?>[] StreamingModes = [new("incremental", "incremental"), new("head", "head"), new("buffer", "buffer")];

    public static readonly KeyValuePair<string, UninspectedKind>[] UninspectedKinds =
    [
        new("token_ids", UninspectedKind.TokenIds), new("tunnel", UninspectedKind.Tunnel), new("undecodable_text", UninspectedKind.UndecodableText),
        new("image", UninspectedKind.Image), new("audio", UninspectedKind.Audio), new("file", UninspectedKind.File),
        new("encrypted_reasoning", UninspectedKind.EncryptedReasoning), new("server_state", UninspectedKind.ServerState),
    ];

    public static readonly KeyValuePair<string, UninspectedAction?>[] UninspectedActions =
        [new("block", UninspectedAction.Block), new("flag", UninspectedAction.Flag), new("allow", UninspectedAction.Allow)];

    /// <summary>Reads words from a list, or from one word alone where that is allowed. Null when the key is absent.</summary>
    public static List<T>? Read<T>(GuardrailSettings settings, string key, KeyValuePair<string, T>[] words, bool orOne = false, string? all = null)
    {
        if (settings.Node(key, "strings") is not { } node)
        {
            return null;
        }

        IReadOnlyList<SettingsNode> items = node switch
        {
            { Kind: SettingsNodeKind.Array } => node.Items,
            { Kind: SettingsNodeKind.String, Text: "" , IsLoose: true } => [],
            { Kind: SettingsNodeKind.String } when orOne => [node],
            _ => null!,
        };
        if (items is null)
        {
            settings.Session.Problems.Add(new SettingsProblem(node.Path, $"expected {(orOne ? "a string or an array" : "an array")}, found {node.Describe()}"));
            return [];
        }

        var read = new List<T>();
        foreach (var item in items)
        {
            var comparison = item.IsLoose ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            var index = item.Kind == SettingsNodeKind.String ? Array.FindIndex(words, word => word.Key.Equals(item.Text, comparison)) : -1;
            if (index >= 0)
            {
                read.Add(words[index].Value);
            }
            else if (all is not null && item.Kind == SettingsNodeKind.String && all.Equals(item.Text, comparison))
            {
                read.AddRange(words.Select(word => word.Value));
            }
            else
            {
                var expected = string.Join(", ", words.Select(word => $"\"{word.Key}\"").Concat(all is null ? [] : [$"\"{all}\""]));
                var found = item.Kind == SettingsNodeKind.String ? $"\"{item.Text}\"" : item.Describe();
                settings.Session.Problems.Add(new SettingsProblem(item.Path, $"expected one of {expected}, found {found}"));
            }
        }

        return [.. read.Distinct()];
    }

    private static KeyValuePair<string, string>[] Same(params string[] words) => [.. words.Select(word => KeyValuePair.Create(word, word))];
}
