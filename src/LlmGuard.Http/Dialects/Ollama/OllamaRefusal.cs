using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Ollama;

/// <summary>Ollama's error, and a last line that refuses. Streamed or not it is the same object, since a stream may be one line long.</summary>
internal static class OllamaRefusal
{
    public static DialectAnswer Error(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("error"u8, call.Message);
        writer.WriteEndObject();
    });

    public static DialectAnswer Completion(RefusedCall call, bool isChat)
    {
        // No model made it, so there is no moment at which it did.
        var line = JsonText.Write(writer => WriteLast(writer, isChat, call.Model, null, call.Message));
        return call.IsStreaming
            ? new DialectAnswer("application/x-ndjson", (byte[])[.. line, (byte)'\n'])
            : new DialectAnswer("application/json", line);
    }

    /// <summary>Writes the object that says that an answer is done.</summary>
    public static void WriteLast(Utf8JsonWriter writer, bool isChat, string model, string? createdAt, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, model);
        writer.WriteString("created_at"u8, createdAt ?? "1970-01-01T00:00:00Z");
        if (isChat)
        {
            writer.WriteStartObject("message"u8);
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("content"u8, text);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("response"u8, text);
        }

        writer.WriteBoolean("done"u8, true);
        writer.WriteString("done_reason"u8, "stop"u8);
        foreach (var figure in (string[])["total_duration", "load_duration",
            "prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration"])
        {
            writer.WriteNumber(figure, 0);
        }

        writer.WriteEndObject();
    }
}
