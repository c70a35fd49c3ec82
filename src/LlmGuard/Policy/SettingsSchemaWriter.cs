using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmGuard.Policy;

/// <summary>Writes what a plugin reads as a JSON schema, for editors.</summary>
internal static class SettingsSchemaWriter
{
    public static string Write(SettingsSchema schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            WriteObject(writer, schema);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteObject(Utf8JsonWriter writer, SettingsSchema schema)
    {
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var (name, key) in schema.Keys.OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(name);
            WriteKey(writer, key);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        var required = schema.Keys.Where(key => key.Value.IsRequired).Select(key => key.Key).Order(StringComparer.Ordinal).ToList();
        if (required.Count > 0)
        {
            WriteStrings(writer, "required", required);
        }

        writer.WriteBoolean("additionalProperties", false);
    }

    private static void WriteKey(Utf8JsonWriter writer, SettingsSchemaKey key)
    {
        switch (key.Type)
        {
            case "object":
                WriteObject(writer, key.Nested ?? new SettingsSchema());
                break;
            case "list":
                writer.WriteString("type", "array");
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
                writer.WriteString("type", "array");
                writer.WriteStartObject("items");
                writer.WriteString("type", "string");
                writer.WriteEndObject();
                break;
            case "secret":
                WriteSecret(writer);
                break;
            case "json":
                break;
            case "duration":
                writer.WriteString("type", "string");
                writer.WriteString("description", "A duration such as 500ms, 1m30s or 24h.");
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
        writer.WriteBoolean("additionalProperties", false);
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
