using System.Text.Json;

namespace LlmGuard.FakeClouds.Specs;

/// <summary>A schema of a vendor's interface description (OpenAPI 2 or 3), for checking requests and answers member by member.</summary>
/// <remarks>
/// Reads <c>$ref</c>, <c>type</c>, <c>properties</c>, <c>required</c>, <c>items</c>, <c>enum</c>, <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c>,
/// <c>nullable</c>, <c>minimum</c>, <c>maximum</c>, <c>minLength</c>, <c>maxLength</c> and <c>maxItems</c>. Stricter than the standard: a member that
/// an object schema does not name does not fit.
/// </remarks>
internal sealed class SpecSchema
{
    private readonly JsonElement _document;
    private readonly JsonElement _schema;

    private SpecSchema(JsonElement document, JsonElement schema) => (_document, _schema) = (document, schema);

    /// <summary>A schema of a specification of the shared folder; null when the folder is not there.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="schema">The schema's name under <c>components/schemas</c> or <c>definitions</c>.</param>
    public static SpecSchema? Find(string file, string schema)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "reference", "specs", file);
            if (File.Exists(path))
            {
                return Parse(File.ReadAllBytes(path), schema);
            }
        }

        return null;
    }

    /// <summary>A schema of a document at hand.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="schema">The schema's name.</param>
    public static SpecSchema Parse(ReadOnlyMemory<byte> utf8, string schema)
    {
        using var document = JsonDocument.Parse(utf8);
        return new SpecSchema(document.RootElement.Clone(), default).Named(schema);
    }

    /// <summary>Where a value does not fit, as paths with reasons; none when it fits.</summary>
    /// <param name="value">The value.</param>
    public IReadOnlyList<string> Check(JsonElement value)
    {
        var problems = new List<string>();
        Check(_schema, value, "$", problems);
        return problems;
    }

    private SpecSchema Named(string name)
    {
        var schemas = _document.TryGetProperty("components", out var components)
            ? components.GetProperty("schemas")
            : _document.GetProperty("definitions");
        return new SpecSchema(_document, schemas.GetProperty(name));
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        schema = Resolve(schema);
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (!AllowsNull(schema))
            {
                problems.Add($"{path} is null");
            }

            return;
        }

        if (Alternatives(schema) is { } alternatives && !alternatives.EnumerateArray().Any(s => Fits(s, value)))
        {
            problems.Add($"{path} fits none of the alternatives");
        }

        foreach (var part in Member(schema, "allOf")?.EnumerateArray().ToArray() ?? [])
        {
            Check(part, value, path, problems);
        }

        CheckType(schema, value, path, problems);
        CheckMembers(schema, value, path, problems);
        CheckItems(schema, value, path, problems);
        if (Member(schema, "enum") is { } words && !words.EnumerateArray().Any(w => w.GetRawText() == value.GetRawText()))
        {
            problems.Add($"{path} is not one of the listed values");
        }
    }

    private bool Fits(JsonElement schema, JsonElement value)
    {
        var problems = new List<string>();
        Check(schema, value, "", problems);
        return problems.Count == 0;
    }

    private void CheckMembers(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        if (value.ValueKind != JsonValueKind.Object || Member(schema, "properties") is not { } known)
        {
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (known.TryGetProperty(member.Name, out var expected))
            {
                Check(expected, member.Value, $"{path}.{member.Name}", problems);
            }
            else
            {
                problems.Add($"{path}.{member.Name} is not described");
            }
        }

        foreach (var required in Member(schema, "required")?.EnumerateArray().ToArray() ?? [])
        {
            if (!value.TryGetProperty(required.GetString()!, out _))
            {
                problems.Add($"{path}.{required.GetString()} is missing");
            }
        }
    }

    private void CheckItems(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        if (value.ValueKind != JsonValueKind.Array || Member(schema, "items") is not { } items)
        {
            return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            Check(items, item, $"{path}[{index++}]", problems);
        }

        CheckRange(schema, index, path, problems, "minItems", "maxItems");
    }

    private static void CheckType(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        if (Member(schema, "type") is { } type && !Types(type).Any(t => IsOfType(value, t)))
        {
            problems.Add($"{path} is not of the type {type}");
            return;
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            CheckRange(schema, value.GetDouble(), path, problems, "minimum", "maximum");
        }
        else if (value.ValueKind == JsonValueKind.String)
        {
            CheckRange(schema, value.GetString()!.EnumerateRunes().Count(), path, problems, "minLength", "maxLength");
        }
    }

    private static void CheckRange(JsonElement schema, double value, string path, List<string> problems, string min, string max)
    {
        if ((Member(schema, min) is { } low && value < low.GetDouble()) || (Member(schema, max) is { } high && value > high.GetDouble()))
        {
            problems.Add($"{path} is out of range");
        }
    }

    private static bool IsOfType(JsonElement value, string? type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => false,
    };

    private static IEnumerable<string?> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()) : [type.GetString()];

    private bool AllowsNull(JsonElement schema) =>
        (Member(schema, "nullable") is { ValueKind: JsonValueKind.True })
        || (Member(schema, "type") is { } type && Types(type).Contains("null"))
        || (Alternatives(schema) is { } alternatives && alternatives.EnumerateArray().Any(s => AllowsNull(Resolve(s))));

    private JsonElement Resolve(JsonElement schema)
    {
        while (Member(schema, "$ref") is { } reference)
        {
            var target = _document;
            foreach (var name in reference.GetString()!.TrimStart('#', '/').Split('/'))
            {
                target = target.GetProperty(name);
            }

            schema = target;
        }

        return schema;
    }

    private static JsonElement? Alternatives(JsonElement schema) => Member(schema, "anyOf") ?? Member(schema, "oneOf");

    private static JsonElement? Member(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value) ? value : null;
}
