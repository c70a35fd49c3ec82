using System.Globalization;
using System.Text.Json.Nodes;

namespace LlmGuard.Tests;

/// <summary>
/// Proves that nothing is accepted and ignored: every setting a plugin declares is put into every one of some documents, with several values. A
/// document is refused with each of them, or one of the values changes what the entry does.
/// </summary>
/// <param name="plugin">The plugin, which says what it reads.</param>
/// <param name="behaviour">What an entry with settings does, as text; null when they are refused.</param>
internal sealed class SettingWalk(IGuardrailPlugin plugin, Func<string, string?> behaviour)
{
    private const string MapValue = "value";

    // What is switched off is meant to do nothing.
    private const string Switch = "enabled";

    private readonly Dictionary<string, string> _behaviours = new(StringComparer.Ordinal);

    /// <summary>Values of a key, as JSON, where its type says too little: texts, objects, and numbers that lie where they show.</summary>
    public Dictionary<string, string[]> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Keys that are for the reader of the policy, and say so.</summary>
    public HashSet<string> Remarks { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a value of a key says of a document what holds anyway, beyond the default that the plugin declares.</summary>
    public Func<string, string, string, bool> SaysWhatHolds { get; set; } = static (_, _, _) => false;

    /// <summary>How many settings were tried in how many documents.</summary>
    public int Tried { get; private set; }

    /// <summary>Every setting that is accepted somewhere and changes nothing there.</summary>
    public IReadOnlyList<string> FindIgnored(IEnumerable<string> documents)
    {
        var ignored = new List<string>();
        foreach (var document in documents)
        {
            if (BehaviourOf(document) is not { } plain)
            {
                continue;
            }

            foreach (var (path, key, schema) in Settings(Describe(), JsonNode.Parse(document)!.AsObject(), []))
            {
                Tried++;
                var seen = new HashSet<string>(StringComparer.Ordinal);
                var accepted = Candidates(key, schema)
                    .Where(value => !IsDefault(schema, value) && !SaysWhatHolds(document, key, value)
                        && !(key == Switch && value == "false" && !Has(document, path)))
                    .Select(value => (Value: value, Document: With(document, path, key, value)))
                    .Where(c => !JsonNode.DeepEquals(JsonNode.Parse(c.Document), JsonNode.Parse(document)) && Remember(seen, BehaviourOf(c.Document)))
                    .Select(static c => c.Value)
                    .ToArray();
                seen.Add(plain);
                if (accepted.Length > 0 && seen.Count == 1)
                {
                    ignored.Add($"{string.Join('.', path.Append(key))} of {string.Join(" or ", accepted)} in {document}");
                }
            }
        }

        return ignored;
    }

    private static bool Has(string document, IReadOnlyList<string> path) =>
        path.Aggregate(JsonNode.Parse(document),
            static (at, step) => at is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)] : at?[step]) is not null;

    // That what holds anyway may be said is no fault.
    private static bool IsDefault(SettingsSchemaKey schema, string value) => schema.Default switch
    {
        string text => value == $"\"{text}\"",
        bool flag => value == (flag ? "true" : "false"),
        _ => false,
    };

    private static bool Remember(HashSet<string> seen, string? behaviour)
    {
        if (behaviour is not null)
        {
            seen.Add(behaviour);
        }

        return behaviour is not null;
    }

    private static string With(string document, IReadOnlyList<string> path, string key, string value)
    {
        var root = JsonNode.Parse(document)!;
        var at = root;
        foreach (var step in path)
        {
            at = at is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : at[step] ?? (at[step] = new JsonObject());
        }

        at[key] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    private SettingsSchema Describe()
    {
        var settings =
            new GuardrailSettings(new SettingsNode { Kind = SettingsNodeKind.Object, Path = "$" }, new SettingsSession { IsDescribing = true });
        plugin.Create(settings);
        return settings.Schema;
    }

    // What is declared for the objects that the document has, and for those that stand by themselves.
    private IEnumerable<(IReadOnlyList<string> Path, string Key, SettingsSchemaKey Schema)> Settings(SettingsSchema schema, JsonNode? at,
        IReadOnlyList<string> path)
    {
        var isOff = path.Count > 0 && at is JsonObject item && item[Switch] is JsonValue state && state.TryGetValue(out bool isOn) && !isOn;
        foreach (var (key, entry) in schema.Keys.Where(k => !Remarks.Contains(k.Key) && (!isOff || k.Key == Switch)))
        {
            if (entry.Nested is null || Values.ContainsKey(key))
            {
                yield return (path, key, entry);
                continue;
            }

            var value = (at as JsonObject)?[key];
            IEnumerable<(SettingsSchema Schema, JsonNode? At, string[] Steps)> inner = (entry.Type, value) switch
            {
                ("object", _) => [(entry.Nested, value, [key])],
                (_, JsonArray list) => list.Select((item, i) => (entry.Nested, item, (string[])[key, i.ToString(CultureInfo.InvariantCulture)])),
                (_, JsonObject map) =>
                    map.Select(m => (entry.Nested.Keys.GetValueOrDefault(MapValue)?.Nested ?? entry.Nested, m.Value, (string[])[key, m.Key])),
                _ => [],
            };
            foreach (var found in inner.SelectMany(i => Settings(i.Schema, i.At, [.. path, .. i.Steps])))
            {
                yield return found;
            }
        }
    }

    private string[] Candidates(string key, SettingsSchemaKey schema) => Values.GetValueOrDefault(key) ?? (schema.Type switch
    {
        "boolean" => ["true", "false"],
        "string" when schema.Choices.Count > 0 => [.. schema.Choices.Select(c => $"\"{c}\"")],
        "integer" => ["1", "2", "3", "7"],
        "duration" => ["\"1s\"", "\"1m\""],
        _ => throw new InvalidOperationException($"\"{key}\" ({schema.Type}) needs values to be tried with."),
    });

    private string? BehaviourOf(string document)
    {
        if (!_behaviours.TryGetValue(document, out var known))
        {
            // Refused is no text of its own: the empty one stands for it.
            _behaviours[document] = known = behaviour(document) ?? "";
        }

        return known.Length == 0 ? null : known;
    }
}
