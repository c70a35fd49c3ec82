using System.Buffers;
using System.Text.Json;

namespace LlmGuard.Policy.Revisions;

/// <summary>Writes a value so that equal values have equal bytes: keys sorted, no white space, numbers as written.</summary>
internal static class CanonicalJson
{
    /// <summary>Writes a value.</summary>
    /// <param name="node">The value.</param>
    /// <param name="mark">Given a node, the number to write in its place as <c>{"$literal": n}</c>, or null to write the node itself.</param>
    /// <param name="except">Members of the outermost object that are left out.</param>
    public static ReadOnlySpan<byte> Write(SettingsNode node, Func<SettingsNode, int?>? mark = null, IReadOnlyCollection<string>? except = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, node, mark, except ?? []);
        }

        return buffer.WrittenSpan;
    }

    /// <summary>The members of an object by their keys.</summary>
    public static IReadOnlyList<KeyValuePair<string, SettingsNode>> InOrder(SettingsNode node) =>
        node.Members.Count < 2 ? node.Members : [.. node.Members.OrderBy(m => m.Key, StringComparer.Ordinal)];

    private static void Write(Utf8JsonWriter writer, SettingsNode node, Func<SettingsNode, int?>? mark, IReadOnlyCollection<string> except)
    {
        if (mark?.Invoke(node) is { } number)
        {
            writer.WriteStartObject();
            writer.WriteNumber("$literal", number);
            writer.WriteEndObject();
            return;
        }

        switch (node.Kind)
        {
            case SettingsNodeKind.Object:
                writer.WriteStartObject();
                foreach (var (name, value) in InOrder(node))
                {
                    if (!except.Contains(name))
                    {
                        writer.WritePropertyName(name);
                        Write(writer, value, mark, []);
                    }
                }

                writer.WriteEndObject();
                break;
            case SettingsNodeKind.Array:
                writer.WriteStartArray();
                foreach (var item in node.Items)
                {
                    Write(writer, item, mark, []);
                }

                writer.WriteEndArray();
                break;
            default:
                SettingsNodeWriter.WriteScalar(writer, node);
                break;
        }
    }
}
