using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.OpenAiChat;

/// <summary>A chat completion that refuses, whole or streamed.</summary>
/// <param name="finishReason">The dialect's word for why it ends.</param>
/// <param name="hasRefusal">Whether messages have a member for refusals.</param>
internal sealed class OpenAiChatRefusal(string finishReason, bool hasRefusal)
{
    public DialectAnswer Of(RefusedCall call) => call.IsStreaming
        ? new EventStreamAnswer()
            .Add(writer => WriteChunk(writer, call, finishes: false))
            .Add(writer => WriteChunk(writer, call, finishes: true))
            .AddDone()
            .ToAnswer()
        : DialectAnswer.Json(writer => WriteWhole(writer, call));

    private void WriteWhole(Utf8JsonWriter writer, RefusedCall call)
    {
        writer.WriteStartObject();
        WriteHead(writer, "chat.completion"u8, call);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, 0);
        writer.WriteStartObject("message"u8);
        WriteMessage(writer, call);
        writer.WriteEndObject();
        writer.WriteNull("logprobs"u8);
        writer.WriteString("finish_reason"u8, finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("prompt_tokens"u8, 0);
        writer.WriteNumber("completion_tokens"u8, 0);
        writer.WriteNumber("total_tokens"u8, 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteChunk(Utf8JsonWriter writer, RefusedCall call, bool finishes)
    {
        writer.WriteStartObject();
        WriteHead(writer, "chat.completion.chunk"u8, call);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, 0);
        writer.WriteStartObject("delta"u8);
        if (!finishes)
        {
            WriteMessage(writer, call);
        }

        writer.WriteEndObject();
        writer.WriteNull("logprobs"u8);
        if (finishes)
        {
            writer.WriteString("finish_reason"u8, finishReason);
        }
        else
        {
            writer.WriteNull("finish_reason"u8);
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // Many clients show only the content, the SDKs' structured helpers only look at the refusal.
    private void WriteMessage(Utf8JsonWriter writer, RefusedCall call)
    {
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("content"u8, call.Message);
        if (hasRefusal)
        {
            writer.WriteString("refusal"u8, call.Message);
        }
    }

    private static void WriteHead(Utf8JsonWriter writer, ReadOnlySpan<byte> type, RefusedCall call)
    {
        writer.WriteString("id"u8, "chatcmpl-" + call.CallId);
        writer.WriteString("object"u8, type);

        // No model made it, so there is no moment at which it did.
        writer.WriteNumber("created"u8, 0);
        writer.WriteString("model"u8, call.Model);
    }
}
