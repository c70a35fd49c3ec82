using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.AnthropicMessages;

/// <summary>Anthropic's error, and a message that refuses, whole or streamed.</summary>
internal static class AnthropicRefusal
{
    public static DialectAnswer Error(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, call.Refusal.StatusCode switch
        {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            503 or 529 => "overloaded_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        });
        writer.WriteString("message"u8, call.Message);
        writer.WriteString("code"u8, call.Refusal.Code);
        writer.WriteEndObject();
        writer.WriteString("request_id"u8, call.CallId);
        writer.WriteEndObject();
    });

    public static DialectAnswer Completion(RefusedCall call) => call.IsStreaming ? Stream(call) : DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        WriteHead(writer, call);
        writer.WriteStartArray("content"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, call.Message);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("stop_reason"u8, "refusal"u8);
        WriteTail(writer);
        writer.WriteEndObject();
    });

    /// <summary>Begins a message.</summary>
    public static EventStreamAnswer AddStart(EventStreamAnswer stream, RefusedCall call) => stream.Add("message_start", writer =>
    {
        writer.WriteStartObject("message"u8);
        WriteHead(writer, call);
        writer.WriteStartArray("content"u8);
        writer.WriteEndArray();
        writer.WriteNull("stop_reason"u8);
        WriteTail(writer);
        writer.WriteEndObject();
    });

    /// <summary>Ends a message as refused.</summary>
    public static EventStreamAnswer AddEnd(EventStreamAnswer stream, long outputTokens) => stream
        .Add("message_delta", writer =>
        {
            writer.WriteStartObject("delta"u8);
            writer.WriteString("stop_reason"u8, "refusal"u8);
            writer.WriteNull("stop_sequence"u8);
            writer.WriteEndObject();
            writer.WriteStartObject("usage"u8);
            writer.WriteNumber("output_tokens"u8, outputTokens);
            writer.WriteEndObject();
        })
        .Add("message_stop", static _ => { });

    private static DialectAnswer Stream(RefusedCall call)
    {
        var stream = AddStart(new EventStreamAnswer(), call)
            .Add("content_block_start", static writer =>
            {
                writer.WriteNumber("index"u8, 0);
                writer.WriteStartObject("content_block"u8);
                writer.WriteString("type"u8, "text"u8);
                writer.WriteString("text"u8, ""u8);
                writer.WriteEndObject();
            })
            .Add("content_block_delta", writer =>
            {
                writer.WriteNumber("index"u8, 0);
                writer.WriteStartObject("delta"u8);
                writer.WriteString("type"u8, "text_delta"u8);
                writer.WriteString("text"u8, call.Message);
                writer.WriteEndObject();
            })
            .Add("content_block_stop", static writer => writer.WriteNumber("index"u8, 0));
        return AddEnd(stream, 0).ToAnswer();
    }

    private static void WriteHead(Utf8JsonWriter writer, RefusedCall call)
    {
        writer.WriteString("id"u8, "msg_" + call.CallId);
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("model"u8, call.Model);
    }

    private static void WriteTail(Utf8JsonWriter writer)
    {
        writer.WriteNull("stop_sequence"u8);
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input_tokens"u8, 0);
        writer.WriteNumber("output_tokens"u8, 0);
        writer.WriteEndObject();
    }
}
