using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Cohere;

/// <summary>Cohere's error, and answers of both versions that refuse, whole or streamed.</summary>
internal static class CohereRefusal
{
    public static DialectAnswer Error(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, call.CallId);
        writer.WriteString("message"u8, call.Message);
        writer.WriteEndObject();
    });

    public static DialectAnswer Completion(RefusedCall call) => call.IsStreaming ? Stream(call) : DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, call.CallId);

        // The words there are say why a model stopped; none says that somebody else refused.
        writer.WriteString("finish_reason"u8, "COMPLETE"u8);
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteStartArray("content"u8);
        WriteText(writer, call.Message);
        writer.WriteEndArray();
        writer.WriteEndObject();
        WriteUsage(writer);
        writer.WriteEndObject();
    });

    /// <summary>The first version, whose stream is made of lines unless events are asked for.</summary>
    public static DialectAnswer FirstCompletion(RefusedCall call)
    {
        if (!call.IsStreaming)
        {
            return DialectAnswer.Json(writer => WriteFirst(writer, call.CallId, call.Message));
        }

        using var lines = new MemoryStream();
        Line(lines, "stream-start", false, writer => writer.WriteString("generation_id"u8, call.CallId));
        Line(lines, "text-generation", false, writer => writer.WriteString("text"u8, call.Message));
        Line(lines, "stream-end", true, writer => WriteFirstEnd(writer, call.CallId, call.Message));
        return new DialectAnswer("application/stream+json", lines.ToArray());
    }

    private static DialectAnswer Stream(RefusedCall call) => new EventStreamAnswer()
        .Add("message-start", writer =>
        {
            writer.WriteString("id"u8, call.CallId);
            WriteDelta(writer, static message =>
            {
                message.WriteString("role"u8, "assistant"u8);
                foreach (var list in (string[])["content", "tool_calls", "citations"])
                {
                    message.WriteStartArray(list);
                    message.WriteEndArray();
                }

                message.WriteString("tool_plan"u8, ""u8);
            });
        })
        .Add("content-start", static writer =>
        {
            writer.WriteNumber("index"u8, 0);
            WriteDelta(writer, static message =>
            {
                message.WritePropertyName("content"u8);
                WriteText(message, "");
            });
        })
        .Add("content-delta", writer =>
        {
            writer.WriteNumber("index"u8, 0);
            WriteDelta(writer, message =>
            {
                message.WriteStartObject("content"u8);
                message.WriteString("text"u8, call.Message);
                message.WriteEndObject();
            });
        })
        .Add("content-end", static writer => writer.WriteNumber("index"u8, 0))
        .Add("message-end", WriteEnd)
        .ToAnswer();

    /// <summary>Writes the members of the event that ends a message.</summary>
    public static void WriteEnd(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("delta"u8);
        writer.WriteString("finish_reason"u8, "COMPLETE"u8);
        WriteUsage(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes the members of the event that ends an answer of the first version.</summary>
    public static void WriteFirstEnd(Utf8JsonWriter writer, string id, string text)
    {
        writer.WriteString("finish_reason"u8, "ERROR_TOXIC"u8);
        writer.WritePropertyName("response"u8);
        WriteFirst(writer, id, text);
    }

    private static void WriteDelta(Utf8JsonWriter writer, Action<Utf8JsonWriter> writeMessage)
    {
        writer.WriteStartObject("delta"u8);
        writer.WriteStartObject("message"u8);
        writeMessage(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage"u8);
        foreach (var figures in (string[])["billed_units", "tokens"])
        {
            writer.WriteStartObject(figures);
            writer.WriteNumber("input_tokens"u8, 0);
            writer.WriteNumber("output_tokens"u8, 0);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteFirst(Utf8JsonWriter writer, string id, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("response_id"u8, id);
        writer.WriteString("generation_id"u8, id);
        writer.WriteString("text"u8, text);
        writer.WriteString("finish_reason"u8, "ERROR_TOXIC"u8);
        writer.WriteEndObject();
    }

    private static void Line(MemoryStream lines, string type, bool isLast, Action<Utf8JsonWriter> writeMembers)
    {
        lines.Write(JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("is_finished"u8, isLast);
            writer.WriteString("event_type"u8, type);
            writeMembers(writer);
            writer.WriteEndObject();
        }));
        lines.Write("\n"u8);
    }
}
