namespace LlmGuard.Tool.Measuring;

/// <summary>
/// Brings the type names of the data and the entity ids of findings together. Names that no mapping knows are compared as they are, without regard
/// to case, and with underscores for hyphens and blanks.
/// </summary>
internal sealed class TypeMap
{
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _entities = new(StringComparer.Ordinal);

    /// <param name="mappings">As <c>TYPE=entity</c> or <c>TYPE=entity,entity</c>.</param>
    /// <param name="isOnlyMapped">Whether spans of other types are left out.</param>
    /// <exception cref="ToolException">A mapping is malformed or contradicts another.</exception>
    public TypeMap(IEnumerable<string> mappings, bool isOnlyMapped)
    {
        IsOnlyMapped = isOnlyMapped;
        foreach (var mapping in mappings)
        {
            Add(mapping);
        }

        if (isOnlyMapped && _labels.Count == 0)
        {
            throw new ToolException("--only-mapped needs at least one --map.");
        }
    }

    /// <summary>Whether spans and findings of types that no mapping names are left out.</summary>
    public bool IsOnlyMapped { get; }

    /// <summary>Whether a mapping names a type of the data.</summary>
    public bool IsMapped(string label) => _labels.ContainsKey(Normal(label));

    /// <summary>What a type of the data is scored as; null for not at all.</summary>
    public string? OfLabel(string label) => _labels.GetValueOrDefault(Normal(label)) ?? (IsOnlyMapped ? null : Normal(label));

    /// <summary>What a finding's type is scored as; null for not at all.</summary>
    public string? OfEntity(string entity) => _entities.GetValueOrDefault(Normal(entity)) ?? (IsOnlyMapped ? null : Normal(entity));

    private static string Normal(string name) => name.Trim().ToLowerInvariant().Replace('-', '_').Replace(' ', '_');

    private void Add(string mapping)
    {
        var split = mapping.IndexOf('=', StringComparison.Ordinal);
        var entities = split < 0 ? [] : mapping[(split + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (split <= 0 || entities.Length == 0)
        {
            throw new ToolException($"--map: '{mapping}' is not of the form TYPE=entity or TYPE=entity,entity.");
        }

        // Types that share an entity are one type under the first name, or a finding would be right and wrong at once.
        var label = mapping[..split].Trim();
        var name = entities.Select(e => _entities.GetValueOrDefault(Normal(e))).FirstOrDefault(known => known is not null)
            ?? _labels.GetValueOrDefault(Normal(label)) ?? Normal(label);
        if (_labels.TryGetValue(Normal(label), out var before) && before != name)
        {
            throw new ToolException($"--map: '{mapping}' contradicts an earlier one for '{label}'.");
        }

        _labels[Normal(label)] = name;
        foreach (var entity in entities)
        {
            if (!_entities.TryAdd(Normal(entity), name) && _entities[Normal(entity)] != name)
            {
                throw new ToolException($"--map: '{mapping}' and an earlier one map the entity '{entity}' to different types.");
            }
        }
    }
}
