using System.Buffers;
using System.Text.Json;
using LlmGuard.Http.Refusals;
using LlmGuard.Http.Wire.AmazonEvents;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>An answer of Converse that refuses, in the words of an answer that Bedrock's own guardrail refused, whole or streamed.</summary>
internal static class ConverseRefusal
{
    public static DialectAnswer Completion(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("output"u8);
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteStartArray("content"u8);
        WriteText(writer, call.Message);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteStop(writer);
        WriteFigures(writer);
        writer.WriteEndObject();
    });

    public static DialectAnswer Stream(RefusedCall call)
    {
        var stream = new ArrayBufferWriter<byte>(1024);
        foreach (var (name, writeMembers) in Events(call))
        {
            AmazonEventWriter.WriteEvent(stream, name, JsonText.Write(writer =>
            {
                writer.WriteStartObject();
                writeMembers(writer);
                writer.WriteEndObject();
            }));
        }

        return new DialectAnswer(BedrockPath.EventStream, stream.WrittenMemory);
    }

    /// <summary>The events of a stream: their names, and what writes their members.</summary>
    public static IEnumerable<(string Name, Action<Utf8JsonWriter> WriteMembers)> Events(RefusedCall call) =>
    [
        ("messageStart", static writer => writer.WriteString("role"u8, "assistant"u8)),
        ("contentBlockDelta", writer =>
        {
            writer.WritePropertyName("delta"u8);
            WriteText(writer, call.Message);
            writer.WriteNumber("contentBlockIndex"u8, 0);
        }),
        ("contentBlockStop", static writer => writer.WriteNumber("contentBlockIndex"u8, 0)),
        ("messageStop", WriteStop),
        ("metadata", WriteFigures),
    ];

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
    }

    private static void WriteStop(Utf8JsonWriter writer) => writer.WriteString("stopReason"u8, "guardrail_intervened"u8);

    private static void WriteFigures(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("inputTokens"u8, 0);
        writer.WriteNumber("outputTokens"u8, 0);
        writer.WriteNumber("totalTokens"u8, 0);
        writer.WriteEndObject();
        writer.WriteStartObject("metrics"u8);
        writer.WriteNumber("latencyMs"u8, 0);
        writer.WriteEndObject();
    }
}
