using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>
/// A response that refuses, whole or streamed: its text is an output text, which clients show, and the filter is the reason it ends.
/// </summary>
internal static class ResponsesRefusal
{
    private enum State
    {
        Started,
        Ended,
    }

    public static DialectAnswer Of(RefusedCall call) =>
        call.IsStreaming ? Stream(call) : DialectAnswer.Json(writer => WriteResponse(writer, call, State.Ended));

    /// <summary>Writes the member that holds a response which has begun.</summary>
    public static void WriteStarted(Utf8JsonWriter writer, RefusedCall call) => WriteResponse(writer, "response"u8, call, State.Started);

    /// <summary>Writes the member that holds a response which was cut.</summary>
    public static void WriteCut(Utf8JsonWriter writer, RefusedCall call, string? id) => WriteResponse(writer, "response"u8, call, State.Ended, id);

    private static DialectAnswer Stream(RefusedCall call)
    {
        var stream = new EventStreamAnswer();
        var sequence = 0;
        Add("response.created", writer => WriteResponse(writer, "response"u8, call, State.Started));
        Add("response.output_item.added", writer =>
        {
            writer.WriteNumber("output_index"u8, 0);
            writer.WritePropertyName("item"u8);
            WriteItem(writer, call, State.Started);
        });
        Add("response.content_part.added", writer =>
        {
            WritePosition(writer, call);
            writer.WritePropertyName("part"u8);
            WritePart(writer, "");
        });
        Add("response.output_text.delta", writer =>
        {
            WritePosition(writer, call);
            writer.WriteString("delta"u8, call.Message);
            WriteEmptyArray(writer, "logprobs"u8);
        });
        Add("response.output_text.done", writer =>
        {
            WritePosition(writer, call);
            writer.WriteString("text"u8, call.Message);
            WriteEmptyArray(writer, "logprobs"u8);
        });
        Add("response.content_part.done", writer =>
        {
            WritePosition(writer, call);
            writer.WritePropertyName("part"u8);
            WritePart(writer, call.Message);
        });
        Add("response.output_item.done", writer =>
        {
            writer.WriteNumber("output_index"u8, 0);
            writer.WritePropertyName("item"u8);
            WriteItem(writer, call, State.Ended);
        });
        Add("response.incomplete", writer => WriteResponse(writer, "response"u8, call, State.Ended));
        return stream.ToAnswer();

        void Add(string name, Action<Utf8JsonWriter> write) => stream.Add(name, writer =>
        {
            writer.WriteNumber("sequence_number"u8, sequence++);
            write(writer);
        });
    }

    private static void WriteResponse(Utf8JsonWriter writer, ReadOnlySpan<byte> name, RefusedCall call, State state, string? id = null)
    {
        writer.WritePropertyName(name);
        WriteResponse(writer, call, state, id);
    }

    private static void WriteResponse(Utf8JsonWriter writer, RefusedCall call, State state, string? id = null)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, id ?? "resp_" + call.CallId);
        writer.WriteString("object"u8, "response"u8);

        // No model made it, so there is no moment at which it did.
        writer.WriteNumber("created_at"u8, 0);
        writer.WriteString("status"u8, state == State.Ended ? "incomplete"u8 : "in_progress"u8);
        writer.WriteNull("error"u8);
        if (state == State.Ended)
        {
            writer.WriteStartObject("incomplete_details"u8);
            writer.WriteString("reason"u8, "content_filter"u8);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("incomplete_details"u8);
        }

        writer.WriteNull("instructions"u8);
        writer.WriteNull("max_output_tokens"u8);
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        writer.WriteString("model"u8, call.Model);
        writer.WriteStartArray("output"u8);
        if (state == State.Ended)
        {
            WriteItem(writer, call, state);
        }

        writer.WriteEndArray();
        writer.WriteBoolean("parallel_tool_calls"u8, true);
        writer.WriteNull("previous_response_id"u8);
        writer.WriteNumber("temperature"u8, 1);
        writer.WriteString("tool_choice"u8, "auto"u8);
        WriteEmptyArray(writer, "tools"u8);
        writer.WriteNumber("top_p"u8, 1);
        WriteUsage(writer, state);
        writer.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter writer, State state)
    {
        if (state == State.Started)
        {
            writer.WriteNull("usage"u8);
            return;
        }

        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input_tokens"u8, 0);
        writer.WriteStartObject("input_tokens_details"u8);
        writer.WriteNumber("cached_tokens"u8, 0);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens"u8, 0);
        writer.WriteStartObject("output_tokens_details"u8);
        writer.WriteNumber("reasoning_tokens"u8, 0);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens"u8, 0);
        writer.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter writer, RefusedCall call, State state)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, "msg_" + call.CallId);
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("status"u8, state == State.Ended ? "completed"u8 : "in_progress"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteStartArray("content"u8);
        if (state == State.Ended)
        {
            WritePart(writer, call.Message);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "output_text"u8);
        writer.WriteString("text"u8, text);
        WriteEmptyArray(writer, "annotations"u8);
        WriteEmptyArray(writer, "logprobs"u8);
        writer.WriteEndObject();
    }

    private static void WritePosition(Utf8JsonWriter writer, RefusedCall call)
    {
        writer.WriteString("item_id"u8, "msg_" + call.CallId);
        writer.WriteNumber("output_index"u8, 0);
        writer.WriteNumber("content_index"u8, 0);
    }

    private static void WriteEmptyArray(Utf8JsonWriter writer, ReadOnlySpan<byte> name)
    {
        writer.WriteStartArray(name);
        writer.WriteEndArray();
    }
}
