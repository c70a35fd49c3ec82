using System.Globalization;
using System.Text.Json;

namespace LlmGuard.Policy.Schema;

/// <summary>Writes what is read as a JSON schema (2020-12), for editors.</summary>
/// <remarks>
/// What a plugin reads is found by letting it read nothing, and it may read more, or need less, where there is something. So the schema names the
/// keys there are and neither closes objects nor requires keys: the engine, which refuses every key that nobody reads, is the judge.
/// </remarks>
internal static class SettingsSchemaWriter
{
    /// <summary>Writes the members of a schema that describes an object.</summary>
    /// <param name="writer">In the object of the schema.</param>
    /// <param name="schema">What is read of the object.</param>
    /// <param name="definitions">In the document itself: by the name of a list, the definition of its items.</param>
    public static void WriteObject(Utf8JsonWriter writer, SettingsSchema schema, IReadOnlyDictionary<string, string>? definitions = null)
    {
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var (name, key) in schema.Keys.OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(name);
            if (definitions?.GetValueOrDefault(name) is { } definition)
            {
                WriteListOf(writer, definition);
            }
            else
            {
                WriteKey(writer, key.Type == "list" && schema.Keyed.Contains(name) ? key with { Type = "list or map" } : key, definitions);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteListOf(Utf8JsonWriter writer, string definition) =>
        WriteList(writer, isKeyed: true, () => writer.WriteString("$ref", $"#/$defs/{definition}"));

    // Lists of levels and entries may be written as objects too, one key per item.
    private static void WriteList(Utf8JsonWriter writer, bool isKeyed, Action writeItem)
    {
        if (isKeyed)
        {
            WriteStrings(writer, "type", ["array", "object"]);
        }
        else
        {
            writer.WriteString("type", "array");
        }

        foreach (var items in isKeyed ? (string[])["items", "additionalProperties"] : ["items"])
        {
            writer.WriteStartObject(items);
            writeItem();
            writer.WriteEndObject();
        }
    }

    private static void WriteKey(Utf8JsonWriter writer, SettingsSchemaKey key, IReadOnlyDictionary<string, string>? definitions = null)
    {
        switch (key.Type)
        {
            case "object":
                WriteObject(writer, key.Nested ?? new SettingsSchema(), definitions);
                break;
            case "list":
                WriteList(writer, definitions is not null, () => WriteObject(writer, key.Nested ?? new SettingsSchema(), definitions));
                break;
            case "list or map":
                // What an item of the map is need not be what one of the list is.
                WriteStrings(writer, "type", ["array", "object"]);
                writer.WriteStartObject("items");
                WriteObject(writer, key.Nested ?? new SettingsSchema());
                writer.WriteEndObject();
                break;
            case "map":
                writer.WriteString("type", "object");
                writer.WriteStartObject("additionalProperties");
                if (key.Nested?.Keys.GetValueOrDefault("value") is { } value)
                {
                    WriteKey(writer, value);
                }

                writer.WriteEndObject();
                break;
            case "strings":
                WriteWords(writer, key);
                break;
            case "string or strings":
                WriteEither(writer, static (writer, key) => WriteScalar(writer, key with { Type = "string" }), WriteWords, key);
                break;
            case "secret":
                WriteSecret(writer);
                break;
            case "json":
                break;
            case "duration":
                WriteDuration(writer, key);
                break;
            case "duration or number":
                WriteEither(writer, WriteDuration, static (writer, key) => WriteScalar(writer, key with { Type = "number" }), key);
                break;
            default:
                WriteScalar(writer, key);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, SettingsSchemaKey key)
    {
        writer.WriteString("type", key.Type);
        if (key.Choices.Count > 0)
        {
            WriteStrings(writer, "enum", key.Choices);
        }

        WriteBound(writer, "minimum", key.Minimum);
        WriteBound(writer, "maximum", key.Maximum);
        switch (key.Default)
        {
            case string text:
                writer.WriteString("default", text);
                break;
            case bool flag:
                writer.WriteBoolean("default", flag);
                break;
            case IFormattable number:
                writer.WritePropertyName("default");
                writer.WriteRawValue(number.ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteWords(Utf8JsonWriter writer, SettingsSchemaKey key)
    {
        writer.WriteString("type", "array");
        writer.WriteStartObject("items");
        WriteScalar(writer, key with { Type = "string", Default = null });
        writer.WriteEndObject();
    }

    private static void WriteDuration(Utf8JsonWriter writer, SettingsSchemaKey key)
    {
        writer.WriteString("type", "string");
        writer.WriteString("description", "A duration such as 500ms, 1m30s or 24h.");
    }

    private static void WriteEither(
        Utf8JsonWriter writer,
        Action<Utf8JsonWriter, SettingsSchemaKey> one,
        Action<Utf8JsonWriter, SettingsSchemaKey> other,
        SettingsSchemaKey key)
    {
        writer.WriteStartArray("oneOf");
        writer.WriteStartObject();
        one(writer, key);
        writer.WriteEndObject();
        writer.WriteStartObject();
        other(writer, key);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    // A secret never has its default shown, and the reference is the form that belongs into a file.
    private static void WriteSecret(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("oneOf");
        writer.WriteStartObject();
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        writer.WriteStartObject("$secret");
        writer.WriteString("type", "string");
        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteStrings(writer, "required", ["$secret"]);
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteString("type", "string");
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    // The ends of the number types mean that there is no bound.
    private static void WriteBound(Utf8JsonWriter writer, string name, double? bound)
    {
        if (bound is { } value && Math.Abs(value) < int.MaxValue)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IReadOnlyCollection<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
