using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.OpenAiCompletions;

/// <summary>A completion that refuses, whole or streamed.</summary>
internal static class CompletionsRefusal
{
    public static DialectAnswer Of(RefusedCall call) => call.IsStreaming
        ? new EventStreamAnswer().Add(writer => Write(writer, call, hasUsage: false)).AddDone().ToAnswer()
        : DialectAnswer.Json(writer => Write(writer, call, hasUsage: true));

    private static void Write(Utf8JsonWriter writer, RefusedCall call, bool hasUsage)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, "cmpl-" + call.CallId);
        writer.WriteString("object"u8, "text_completion"u8);

        // No model made it, so there is no moment at which it did.
        writer.WriteNumber("created"u8, 0);
        writer.WriteString("model"u8, call.Model);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteString("text"u8, call.Message);
        writer.WriteNumber("index"u8, 0);
        writer.WriteNull("logprobs"u8);
        writer.WriteString("finish_reason"u8, "content_filter"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (hasUsage)
        {
            writer.WriteStartObject("usage"u8);
            writer.WriteNumber("prompt_tokens"u8, 0);
            writer.WriteNumber("completion_tokens"u8, 0);
            writer.WriteNumber("total_tokens"u8, 0);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
