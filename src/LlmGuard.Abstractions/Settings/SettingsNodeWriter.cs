using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmGuard;

/// <summary>Writes a <see cref="SettingsNode"/> as compact JSON; numbers keep their text.</summary>
internal static class SettingsNodeWriter
{
    public static string ToJson(SettingsNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, node);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, SettingsNode node)
    {
        switch (node.Kind)
        {
            case SettingsNodeKind.Object:
                writer.WriteStartObject();
                foreach (var (name, value) in node.Members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case SettingsNodeKind.Array:
                writer.WriteStartArray();
                foreach (var item in node.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, node);
                break;
        }
    }

    /// <summary>Writes a string, number, boolean or null.</summary>
    public static void WriteScalar(Utf8JsonWriter writer, SettingsNode node)
    {
        switch (node.Kind)
        {
            case SettingsNodeKind.String:
                writer.WriteStringValue(node.Text);
                break;
            case SettingsNodeKind.Number:
                writer.WriteRawValue(node.Text);
                break;
            case SettingsNodeKind.Boolean:
                writer.WriteBooleanValue(node.Text == "true");
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
