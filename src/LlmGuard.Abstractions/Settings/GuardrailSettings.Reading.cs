using System.Globalization;

namespace LlmGuard;

// What all reads share: finding a value, noting that it was read, and reporting what is wrong with it.
public sealed partial class GuardrailSettings
{
    /// <summary>Reports every key that was present and never read. Called by the engine when the plugin is done.</summary>
    internal void ReportUnread()
    {
        foreach (var (name, value) in _node.Kind == SettingsNodeKind.Object ? _node.Members : [])
        {
            if (!_read.Contains(name))
            {
                Report(value.Path, Schema.Keys.Count == 0
                    ? "unknown key: these settings take none"
                    : "unknown key: expected one of " + string.Join(", ", Schema.Keys.Keys.Order(StringComparer.Ordinal)));
            }
        }

        foreach (var nested in _nested)
        {
            nested.ReportUnread();
        }
    }

    private static SettingsNode EmptyObject(string path) => new() { Kind = SettingsNodeKind.Object, Path = path };

    private static SettingsNode Wrap(SettingsNode value) => new()
    {
        Kind = SettingsNodeKind.Object,
        Path = value.Path,
        Members = [KeyValuePair.Create("value", value)],
        IsLoose = value.IsLoose,
    };

    private static bool IsNumeric(SettingsNode node) =>
        node.Kind == SettingsNodeKind.Number || (node.IsLoose && node.Kind == SettingsNodeKind.String);

    private static bool IsWhole(ReadOnlySpan<char> text)
    {
        var digits = text.TrimStart("+-");
        return !digits.IsEmpty && text.Length - digits.Length <= 1 && !digits.ContainsAnyExceptInRange('0', '9');
    }

    private static string? ScalarText(SettingsNode node) => node.Kind switch
    {
        SettingsNodeKind.String => node.Text,
        _ => null,
    };

    private GuardrailSettings Nest(SettingsNode node, SettingsSchema schema)
    {
        var nested = new GuardrailSettings(node, _session, schema);
        _nested.Add(nested);
        return nested;
    }

    // Items of a list share a schema, and it is enough that one of thousands describes a key.
    private bool IsNew(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _session.IsDescribing || !Schema.Keys.ContainsKey(key);
    }

    private void Record(string key, SettingsSchemaKey entry) => Schema.Keys[key] = entry;

    private static SettingsSchemaKey ChoiceOf<T>(T defaultValue, IReadOnlyList<KeyValuePair<string, T>> choices) => new("string")
    {
        Choices = [.. choices.Select(c => c.Key)],
        Default = choices.FirstOrDefault(c => EqualityComparer<T>.Default.Equals(c.Value, defaultValue)).Key,
    };

    // What is read of the value of a key that holds others.
    private SettingsSchema NestedOf(string key, string type)
    {
        if (!IsNew(key) && Schema.Keys[key].Nested is { } known)
        {
            return known;
        }

        var nested = new SettingsSchema();
        Record(key, new SettingsSchemaKey(type) { Nested = nested });
        return nested;
    }

    private SettingsNode? Peek(string key) =>
        _node.Kind == SettingsNodeKind.Object && _node.Member(key) is { Kind: not SettingsNodeKind.Null } node ? node : null;

    private SettingsNode? Take(string key)
    {
        for (var i = 0; i < _node.Members.Count; i++)
        {
            var name = _node.Members[i].Key;
            if (name.Equals(key, _node.IsLoose ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
            {
                _read.Add(name);
            }
        }

        return Peek(key);
    }

    /// <summary>The path of a value as the document has it, which for an item of a map is not the path of a key called <c>value</c>.</summary>
    private string PathOf(string key) => _node.Member(key)?.Path ?? SettingsNodeParser.Child(Path, key);

    private string? Text(string key, string? defaultValue, bool required)
    {
        if (IsNew(key))
        {
            Record(key, new SettingsSchemaKey("string") { Default = defaultValue, IsRequired = required });
        }

        if (Take(key) is not { } node)
        {
            return Missing(key, required, defaultValue);
        }

        return ScalarText(node) ?? Mismatch(node, "a string", defaultValue);
    }

    private long? Integer(string key, long? defaultValue, long min, long max, bool required)
    {
        if (IsNew(key))
        {
            Record(key, new SettingsSchemaKey("integer") { Default = defaultValue, Minimum = min, Maximum = max, IsRequired = required });
        }

        if (Take(key) is not { } node)
        {
            return Missing(key, required, defaultValue);
        }

        if (!IsNumeric(node) || !long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            if (!IsNumeric(node) || !IsWhole(node.Text))
            {
                return Mismatch(node, "a whole number", defaultValue, found: node.Kind == SettingsNodeKind.Number
                    ? "a fraction or an exponent"
                    : null);
            }

            Report(node.Path, string.Create(CultureInfo.InvariantCulture, $"the number is out of range: expected {min} to {max}"));
            return defaultValue;
        }

        return InRange(node, value, min, max) ? value : defaultValue;
    }

    private IReadOnlyList<SettingsNode> ItemsOf(string key) => Take(key) switch
    {
        null => [],
        { Kind: SettingsNodeKind.Array } node => node.Items,
        { IsLoose: true, Kind: SettingsNodeKind.Object } node => [.. node.Members.Select(m => m.Value)],
        // The JSON configuration provider keeps an empty array as an empty text.
        { IsLoose: true, Kind: SettingsNodeKind.String, Text: "" } => [],
        var node => Mismatch<IReadOnlyList<SettingsNode>>(node, "an array", []),
    };

    private T Missing<T>(string key, bool required, T value)
    {
        if (required && !_session.IsDescribing)
        {
            Problem(key, "is required");
        }

        return value;
    }

    private bool InRange<T>(SettingsNode node, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0)
        {
            return true;
        }

        Report(node.Path, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range: expected {min} to {max}"));
        return false;
    }

    private T Mismatch<T>(SettingsNode node, string expected, T value, bool quote = false, string? found = null)
    {
        found ??= quote && node.Kind == SettingsNodeKind.String ? $"\"{node.Text}\"" : node.Describe();
        Report(node.Path, $"expected {expected}, found {found}");
        return value;
    }

    private void Report(string path, string message)
    {
        if (!_session.IsDescribing)
        {
            _session.Problems.Add(new SettingsProblem(path, message));
        }
    }
}
