namespace LlmGuard;

/// <summary>A JSON value as the policy reader hands it to settings: order, number text and the place it came from are kept.</summary>
internal sealed class SettingsNode
{
    public required SettingsNodeKind Kind { get; init; }

    /// <summary>Where it stands in the document, as a JSON path such as <c>$.gateway.required_plugins[0].settings</c>.</summary>
    public required string Path { get; init; }

    /// <summary>A string's value, a number's literal text, or <c>true</c>/<c>false</c>.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyList<SettingsNode> Items { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, SettingsNode>> Members { get; init; } = [];

    /// <summary>
    /// Whether it came from <c>IConfiguration</c>, where every scalar is text and keys ignore case: then values convert by declared type.
    /// </summary>
    public bool IsLoose { get; init; }

    public SettingsNode? Member(string key)
    {
        var comparison = IsLoose ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        for (var i = 0; i < Members.Count; i++)
        {
            if (Members[i].Key.Equals(key, comparison))
            {
                return Members[i].Value;
            }
        }

        return null;
    }

    public string Describe() => Kind switch
    {
        SettingsNodeKind.String => "a string",
        SettingsNodeKind.Number => "a number",
        SettingsNodeKind.Boolean => "a boolean",
        SettingsNodeKind.Array => "an array",
        SettingsNodeKind.Object => "an object",
        _ => "null",
    };
}

/// <summary>The kinds of a <see cref="SettingsNode"/>.</summary>
internal enum SettingsNodeKind
{
    Null,
    String,
    Number,
    Boolean,
    Array,
    Object,
}
