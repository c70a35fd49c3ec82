using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGuard.Policy.Reading;

namespace LlmGuard.Policy.Schema;

/// <summary>Writes the JSON schema of policy documents with the plugins there are, for editors.</summary>
internal static class PolicySchema
{
    private const string Entry = "entry";

    private static readonly Dictionary<string, string> Lists = new(StringComparer.Ordinal) { ["required_plugins"] = Entry, ["plugin_chain"] = Entry };

    /// <summary>Writes the schema.</summary>
    /// <param name="plugins">The plugins, in the order in which they are named.</param>
    /// <param name="dispose">Disposes the evaluators that describing a plugin makes.</param>
    public static string Write(IReadOnlyList<IGuardrailPlugin> plugins, Action<IGuardrailEvaluator> dispose)
    {
        var document = new PolicyReader(new PluginCatalog(plugins), static _ => null, dispose).Describe();
        var entry = document.Keys["gateway"].Nested!.Keys["required_plugins"].Nested!;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            writer.WriteString("title", "LlmGuard policy");
            SettingsSchemaWriter.WriteObject(writer, document, Lists);
            writer.WriteStartObject("$defs");
            writer.WriteStartObject(Entry);
            WriteEntry(writer, entry, plugins);
            writer.WriteEndObject();
            foreach (var plugin in plugins)
            {
                writer.WriteStartObject(plugin.Metadata.Name);
                SettingsSchemaWriter.WriteObject(writer, SettingsDescription.Of(plugin, dispose));
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteEntry(Utf8JsonWriter writer, SettingsSchema entry, IReadOnlyList<IGuardrailPlugin> plugins)
    {
        entry.Keys["name"] = entry.Keys["name"] with { Choices = [.. plugins.Select(plugin => plugin.Metadata.Name)] };
        SettingsSchemaWriter.WriteObject(writer, entry);
        writer.WriteStartArray("allOf");
        foreach (var plugin in plugins)
        {
            var name = plugin.Metadata.Name;
            writer.WriteStartObject();
            writer.WriteStartObject("if");
            writer.WriteStartObject("properties");
            writer.WriteStartObject("name");
            writer.WriteString("const", name);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartObject("then");
            writer.WriteStartObject("properties");
            writer.WriteStartObject("settings");
            writer.WriteString("$ref", $"#/$defs/{name}");
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
