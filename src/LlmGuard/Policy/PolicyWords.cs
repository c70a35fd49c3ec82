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

    /// <summary>Whether segments of a kind stand in a source.</summary>
    public static bool StandsIn(string kind, SegmentSource source) => kind switch
    {
        "header" => source == SegmentSource.Headers,
        "path" or "query" => source == SegmentSource.PathAndQuery,
        "key" => source != SegmentSource.Headers,
        _ => source == SegmentSource.Body,
    };

    public static readonly KeyValuePair<string, GuardrailSeam>[] Seams =
    [
        new("incoming", GuardrailSeam.Incoming), new("outgoing", GuardrailSeam.Outgoing), new("chat", GuardrailSeam.Chat),
        new("mcp", GuardrailSeam.Mcp), new("code", GuardrailSeam.Code),
    ];

    public static readonly KeyValuePair<string, string>[] Roles = Same("system", "user", "assistant", "tool");

    public static readonly KeyValuePair<string, string>[] Kinds = Same(
        "message", "tool_call", "tool_result", "tool_definition", "reasoning", "refusal", "document", "error", "key", "header", "path", "query",
        "metadata");

    public static readonly KeyValuePair<string, string?>[] StreamingModes =
        [new("incremental", "incremental"), new("head", "head"), new("buffer", "buffer")];

    public static readonly KeyValuePair<string, UninspectedKind>[] UninspectedKinds =
    [
        new("token_ids", UninspectedKind.TokenIds), new("tunnel", UninspectedKind.Tunnel), new("undecodable_text", UninspectedKind.UndecodableText),
        new("image", UninspectedKind.Image), new("audio", UninspectedKind.Audio), new("file", UninspectedKind.File),
        new("encrypted_reasoning", UninspectedKind.EncryptedReasoning), new("server_state", UninspectedKind.ServerState),
    ];

    public static readonly KeyValuePair<string, UninspectedAction?>[] UninspectedActions =
        [new("block", UninspectedAction.Block), new("flag", UninspectedAction.Flag), new("allow", UninspectedAction.Allow)];

    /// <summary>Reads words from a list, or from one word alone where that is allowed. Null when the key is absent.</summary>
    /// <param name="settings">Where to read.</param>
    /// <param name="key">The key.</param>
    /// <param name="words">The words and what they stand for.</param>
    /// <param name="orOne">Whether one word may stand without a list.</param>
    /// <param name="all">The word that stands for all of them, or null.</param>
    public static List<T>? Read<T>(GuardrailSettings settings, string key, KeyValuePair<string, T>[] words, bool orOne = false, string? all = null)
    {
        string[] expected = [.. words.Select(word => word.Key), .. all is null ? (string[])[] : [all]];
        switch (settings.Node(key, orOne ? "string or strings" : "strings", expected))
        {
            case null:
                return null;
            case { Kind: SettingsNodeKind.Array } list:
                return [.. list.Items.SelectMany(item => Read(settings, item, words, all)).Distinct()];
            case { Kind: SettingsNodeKind.String, IsLoose: true, Text: "" }:
                return [];
            case { Kind: SettingsNodeKind.String } one when orOne:
                return [.. Read(settings, one, words, all)];
            case var node:
                Report(settings, node, $"expected {(orOne ? "a string or an array" : "an array")}, found {node.Describe()}");
                return [];
        }
    }

    /// <summary>Whether a text is a token of RFC 9110: a method or the name of a header.</summary>
    public static bool IsHttpToken(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));

    private static IEnumerable<T> Read<T>(GuardrailSettings settings, SettingsNode item, KeyValuePair<string, T>[] words, string? all)
    {
        var comparison = item.IsLoose ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var isText = item.Kind == SettingsNodeKind.String;
        var index = isText ? Array.FindIndex(words, word => word.Key.Equals(item.Text, comparison)) : -1;
        if (index >= 0)
        {
            return [words[index].Value];
        }

        if (isText && all is not null && all.Equals(item.Text, comparison))
        {
            return words.Select(word => word.Value);
        }

        var expected = string.Join(", ", words.Select(word => $"\"{word.Key}\"").Concat(all is null ? [] : [$"\"{all}\""]));
        Report(settings, item, $"expected one of {expected}, found {(isText ? $"\"{item.Text}\"" : item.Describe())}");
        return [];
    }

    private static void Report(GuardrailSettings settings, SettingsNode node, string message) =>
        settings.Session.Problems.Add(new SettingsProblem(node.Path, message));

    private static KeyValuePair<string, string>[] Same(params string[] words) => [.. words.Select(word => KeyValuePair.Create(word, word))];
}
