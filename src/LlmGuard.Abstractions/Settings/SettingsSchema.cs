namespace LlmGuard;

/// <summary>What a plugin or the engine reads, recorded while it reads: the source of the schema for editors.</summary>
internal sealed class SettingsSchema
{
    public Dictionary<string, SettingsSchemaKey> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>The keys that were asked for their own keys: each may hold an object, whatever else it may be.</summary>
    public HashSet<string> Keyed { get; } = new(StringComparer.Ordinal);
}

/// <summary>One key of a <see cref="SettingsSchema"/>.</summary>
internal sealed record SettingsSchemaKey(string Type)
{
    public object? Default { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public bool IsRequired { get; init; }

    public bool IsSecret { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The members of an object, or of each item of a list or map.</summary>
    public SettingsSchema? Nested { get; init; }
}
