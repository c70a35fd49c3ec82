namespace LlmGuard;

// Settings inside settings: objects, lists, maps and free-form JSON.
public sealed partial class GuardrailSettings
{
    /// <summary>Reads nested settings.</summary>
    /// <param name="key">The key.</param>
    /// <returns>A reader of the nested object; of an empty one when the key is absent. The same one for the same key.</returns>
    public GuardrailSettings Object(string key)
    {
        if (_objects.TryGetValue(key, out var known))
        {
            return known;
        }

        var nested = NestedOf(key, "object");
        return _objects[key] = Nest(Take(key) ?? EmptyObject(PathOf(key)), nested);
    }

    /// <summary>Reads a list of objects.</summary>
    /// <typeparam name="T">What an item becomes.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="read">Reads one item; called for each, in document order, and once with nothing when a schema is made.</param>
    /// <returns>The items; empty when the key is absent.</returns>
    public IReadOnlyList<T> List<T>(string key, Func<GuardrailSettings, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var nested = NestedOf(key, "list");
        if (_session.IsDescribing)
        {
            read(Nest(EmptyObject(Path), nested));
        }

        return [.. ItemsOf(key).Select(item => read(Nest(item, nested)))];
    }

    /// <summary>Reads an object whose keys are data, such as <c>{"Hate": 2, "Violence": 4}</c>, into named items.</summary>
    /// <typeparam name="T">What an item becomes.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="read">
    /// Reads one item from settings that hold it under the key <c>value</c>; called for each in document order, and once when a schema is made.
    /// </param>
    /// <returns>Names and items; empty when the key is absent.</returns>
    public IReadOnlyList<KeyValuePair<string, T>> Map<T>(string key, Func<GuardrailSettings, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var nested = NestedOf(key, "map");
        if (_session.IsDescribing)
        {
            read(Nest(EmptyObject(Path), nested));
        }

        if (Take(key) is not { } node)
        {
            return [];
        }

        return node.Kind == SettingsNodeKind.Object
            ? [.. node.Members.Select(member => KeyValuePair.Create(member.Key, read(Nest(Wrap(member.Value), nested))))]
            : Mismatch<IReadOnlyList<KeyValuePair<string, T>>>(node, "an object", []);
    }

    /// <summary>Reads free-form JSON, such as a template. Refused from <c>IConfiguration</c>, which does not keep it as written.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value as JSON text without insignificant white space, or null when the key is absent.</returns>
    public string? RawJson(string key)
    {
        if (IsNew(key))
        {
            Record(key, new SettingsSchemaKey("json"));
        }

        if (Take(key) is not { } node)
        {
            return null;
        }

        if (node.IsLoose)
        {
            Report(node.Path, "free-form JSON cannot come from IConfiguration, which does not keep it as written: use a policy file or code");
            return null;
        }

        return SettingsNodeWriter.ToJson(node);
    }

    /// <summary>Takes a value as it stands, for keys of the policy itself that have several forms. Counts as reading it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="type">A type of <see cref="SettingsSchemaKey"/>.</param>
    /// <param name="choices">The words there are, where it is made of words.</param>
    internal SettingsNode? Node(string key, string type, IReadOnlyList<string>? choices = null)
    {
        if (IsNew(key))
        {
            Record(key, new SettingsSchemaKey(type) { Choices = choices ?? [] });
        }

        return Take(key);
    }
}
