using System.Text.Json;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>
/// The body as the guard reads it, in the shape of a chat request. Not the bytes as sent: what the policy's filters leave out is not in it, and
/// what an earlier entry masked is masked.
/// </summary>
internal static class BodyView
{
    public static void Write(Utf8JsonWriter writer, Question question)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, question.Call.Model);
        writer.WriteBoolean("stream"u8, question.Call.IsStreaming);
        writer.WritePropertyName("messages"u8);
        WriteMessages(writer, question);
        writer.WriteEndObject();
    }

    public static void WriteMessages(Utf8JsonWriter writer, Question question)
    {
        writer.WriteStartArray();
        foreach (var text in question.Texts)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, SegmentList.RoleOf(text) ?? (question.Call.IsResponse ? "assistant" : "user"));
            writer.WriteString("content"u8, text.Utf8.Span);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
