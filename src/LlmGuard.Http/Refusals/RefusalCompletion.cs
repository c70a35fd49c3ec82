using System.Text.Json;

namespace LlmGuard.Http.Refusals;

/// <summary>Answers that refuse, for <c>deny_with: completion</c>: clients show them like any other answer.</summary>
internal static class RefusalCompletion
{
    /// <summary>The answer, or null where the dialect has none.</summary>
    /// <param name="dialect">The dialect.</param>
    /// <param name="isStreaming">Whether as an event stream.</param>
    /// <param name="message">The text of the refusal.</param>
    /// <param name="model">The model as the request names it.</param>
    /// <param name="callId">The call's id, which becomes the answer's.</param>
    public static byte[]? For(string? dialect, bool isStreaming, string message, string model, string callId) => dialect switch
    {
        "openai.chat_completions" => isStreaming
            ? OpenAIStream(message, model, callId)
            : RefusalBody.Written(writer => WriteOpenAI(writer, message, model, callId)),
        "anthropic.messages" => isStreaming
            ? AnthropicStream(message, model, callId)
            : RefusalBody.Written(writer => WriteAnthropic(writer, message, model, callId)),
        _ => null,
    };

    private static void WriteOpenAI(Utf8JsonWriter writer, string message, string model, string callId)
    {
        writer.WriteStartObject();
        WriteOpenAIHead(writer, "chat.completion"u8, model, callId);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, 0);
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);

        // Many clients show only the content, the SDKs' structured helpers only look at the refusal.
        writer.WriteString("content"u8, message);
        writer.WriteString("refusal"u8, message);
        writer.WriteEndObject();
        writer.WriteNull("logprobs"u8);
        writer.WriteString("finish_reason"u8, "content_filter"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("prompt_tokens"u8, 0);
        writer.WriteNumber("completion_tokens"u8, 0);
        writer.WriteNumber("total_tokens"u8, 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static byte[] OpenAIStream(string message, string model, string callId)
    {
        using var stream = new MemoryStream();
        Event(stream, null, writer => WriteOpenAIChunk(writer, model, callId, message, finishes: false));
        Event(stream, null, writer => WriteOpenAIChunk(writer, model, callId, null, finishes: true));
        stream.Write("data: [DONE]\n\n"u8);
        return stream.ToArray();
    }

    private static void WriteOpenAIChunk(Utf8JsonWriter writer, string model, string callId, string? message, bool finishes)
    {
        writer.WriteStartObject();
        WriteOpenAIHead(writer, "chat.completion.chunk"u8, model, callId);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, 0);
        writer.WriteStartObject("delta"u8);
        if (message is not null)
        {
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("content"u8, message);
            writer.WriteString("refusal"u8, message);
        }

        writer.WriteEndObject();
        writer.WriteNull("logprobs"u8);
        if (finishes)
        {
            writer.WriteString("finish_reason"u8, "content_filter"u8);
        }
        else
        {
            writer.WriteNull("finish_reason"u8);
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOpenAIHead(Utf8JsonWriter writer, ReadOnlySpan<byte> type, string model, string callId)
    {
        writer.WriteString("id"u8, "chatcmpl-" + callId);
        writer.WriteString("object"u8, type);

        // No model made it, so there is no moment at which it did.
        writer.WriteNumber("created"u8, 0);
        writer.WriteString("model"u8, model);
    }

    private static void WriteAnthropic(Utf8JsonWriter writer, string message, string model, string callId)
    {
        writer.WriteStartObject();
        WriteAnthropicHead(writer, model, callId);
        writer.WriteStartArray("content"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, message);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("stop_reason"u8, "refusal"u8);
        WriteAnthropicTail(writer);
        writer.WriteEndObject();
    }

    private static byte[] AnthropicStream(string message, string model, string callId)
    {
        using var stream = new MemoryStream();
        Event(stream, "message_start", writer =>
        {
            writer.WriteStartObject("message"u8);
            WriteAnthropicHead(writer, model, callId);
            writer.WriteStartArray("content"u8);
            writer.WriteEndArray();
            writer.WriteNull("stop_reason"u8);
            WriteAnthropicTail(writer);
            writer.WriteEndObject();
        });
        Event(stream, "content_block_start", writer =>
        {
            writer.WriteNumber("index"u8, 0);
            writer.WriteStartObject("content_block"u8);
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("text"u8, ""u8);
            writer.WriteEndObject();
        });
        Event(stream, "content_block_delta", writer =>
        {
            writer.WriteNumber("index"u8, 0);
            writer.WriteStartObject("delta"u8);
            writer.WriteString("type"u8, "text_delta"u8);
            writer.WriteString("text"u8, message);
            writer.WriteEndObject();
        });
        Event(stream, "content_block_stop", writer => writer.WriteNumber("index"u8, 0));
        Event(stream, "message_delta", writer =>
        {
            writer.WriteStartObject("delta"u8);
            writer.WriteString("stop_reason"u8, "refusal"u8);
            writer.WriteNull("stop_sequence"u8);
            writer.WriteEndObject();
            writer.WriteStartObject("usage"u8);
            writer.WriteNumber("output_tokens"u8, 0);
            writer.WriteEndObject();
        });
        Event(stream, "message_stop", static _ => { });
        return stream.ToArray();
    }

    private static void WriteAnthropicHead(Utf8JsonWriter writer, string model, string callId)
    {
        writer.WriteString("id"u8, "msg_" + callId);
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("model"u8, model);
    }

    private static void WriteAnthropicTail(Utf8JsonWriter writer)
    {
        writer.WriteNull("stop_sequence"u8);
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input_tokens"u8, 0);
        writer.WriteNumber("output_tokens"u8, 0);
        writer.WriteEndObject();
    }

    /// <summary>Writes one event; a named one is an object whose <c>type</c> is the name and whose other members are written.</summary>
    private static void Event(MemoryStream stream, string? name, Action<Utf8JsonWriter> write)
    {
        if (name is not null)
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes($"event: {name}\n"));
        }

        stream.Write("data: "u8);
        stream.Write(RefusalBody.Written(writer =>
        {
            if (name is null)
            {
                write(writer);
                return;
            }

            writer.WriteStartObject();
            writer.WriteString("type"u8, name);
            write(writer);
            writer.WriteEndObject();
        }));
        stream.Write("\n\n"u8);
    }
}
