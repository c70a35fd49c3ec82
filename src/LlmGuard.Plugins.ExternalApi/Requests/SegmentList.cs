using System.Text.Json;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>The texts of a question as a list of objects.</summary>
internal static class SegmentList
{
    public static void Write(Utf8JsonWriter writer, Question question)
    {
        writer.WriteStartArray();
        for (var i = 0; i < question.Texts.Count; i++)
        {
            WriteItem(writer, question, i);
        }

        writer.WriteEndArray();
    }

    /// <summary>One text. Its <c>id</c> is its place in this question, to which edits and findings refer.</summary>
    public static void WriteItem(Utf8JsonWriter writer, Question question, int index)
    {
        var text = question.Texts[index];
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, index);
        writer.WriteString("role"u8, RoleOf(text));
        writer.WriteString("kind"u8, text.First.Kind.ToString());
        writer.WriteString("name"u8, text.First.Name);
        writer.WriteBoolean("editable"u8, question.IsEditable(text));
        writer.WriteString("text"u8, text.Utf8.Span);
        writer.WriteEndObject();
    }

    /// <summary>The role; null when the content states none that is known.</summary>
    public static string? RoleOf(Passage text) => text.First.Role is { IsKnown: true, Value: var role } ? role : null;
}
