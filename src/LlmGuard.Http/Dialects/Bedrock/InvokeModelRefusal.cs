using System.Buffers;
using System.Text.Json;
using LlmGuard.Http.Dialects.AnthropicMessages;
using LlmGuard.Http.Dialects.Cohere;
using LlmGuard.Http.Dialects.OpenAiChat;
using LlmGuard.Http.Refusals;
using LlmGuard.Http.Wire.AmazonEvents;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>Answers that refuse in the words of the family that the model's id names. Ids that name none, and models that embed, have no such answer.</summary>
internal static class InvokeModelRefusal
{
    private static readonly OpenAiChatRefusal OpenAi = new("content_filter", hasRefusal: true);

    public static DialectAnswer? Completion(RefusedCall call, bool isStreamed)
    {
        var texts = Texts(call with { IsStreaming = isStreamed }, isStreamed);
        if (texts is null)
        {
            return null;
        }

        if (!isStreamed)
        {
            return new DialectAnswer("application/json", texts[0]);
        }

        var stream = new ArrayBufferWriter<byte>(1024);
        foreach (var text in texts)
        {
            AmazonEventWriter.WriteEvent(stream, "chunk", JsonText.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBase64String("bytes"u8, text.Span);
                writer.WriteEndObject();
            }));
        }

        return new DialectAnswer(BedrockPath.EventStream, stream.WrittenMemory);
    }

    private static List<ReadOnlyMemory<byte>>? Texts(RefusedCall call, bool isStreamed)
    {
        bool Is(params ReadOnlySpan<string> families)
        {
            foreach (var family in families)
            {
                if (call.Model.Contains(family, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }

        return Is("embed", "rerank", "image", "video", "canvas", "reel", "sonic", "stability.") ? null
            : Is("anthropic.") ? OfEvents(AnthropicRefusal.Completion(call), isStreamed)
            : Is("cohere.command-r") ? OfLines(CohereRefusal.FirstCompletion(call), isStreamed)
            : Is("amazon.nova") ? isStreamed ? [.. ConverseRefusal.Events(call).Select(static e => Wrapped(e.Name, e.WriteMembers))] : [ConverseRefusal.Completion(call).Body]
            : Is("amazon.titan") ? [Titan(call, isStreamed)]
            : Is("meta.llama") ? [Llama(call)]
            : Is("mistral.mistral-7b", "mistral.mixtral") ? [Mistral(call)]
            : Is("mistral.", "openai.", "qwen.", "deepseek.", "ai21.jamba") ? OfEvents(OpenAi.Of(call), isStreamed)
            : null;
    }

    // The data of an event stream's events, without the sentinel of OpenAI's.
    private static List<ReadOnlyMemory<byte>> OfEvents(DialectAnswer answer, bool isStreamed) => isStreamed
        ? [.. Lines(answer.Body).Where(static line => line.Span.StartsWith("data: {"u8)).Select(static line => line["data: "u8.Length..])]
        : [answer.Body];

    private static List<ReadOnlyMemory<byte>> OfLines(DialectAnswer answer, bool isStreamed) => isStreamed ? Lines(answer.Body) : [answer.Body];

    private static List<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> text)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        foreach (var range in text.Span.Split((byte)'\n'))
        {
            if (!text.Span[range].IsEmpty)
            {
                lines.Add(text[range]);
            }
        }

        return lines;
    }

    private static ReadOnlyMemory<byte> Wrapped(string name, Action<Utf8JsonWriter> writeMembers) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject(name);
        writeMembers(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Titan(RefusedCall call, bool isStreamed) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("inputTextTokenCount"u8, 0);
        if (!isStreamed)
        {
            writer.WriteStartArray("results"u8);
            writer.WriteStartObject();
            writer.WriteNumber("tokenCount"u8, 0);
        }
        else
        {
            writer.WriteNumber("index"u8, 0);
            writer.WriteNumber("totalOutputTextTokenCount"u8, 0);
        }

        writer.WriteString("outputText"u8, call.Message);
        writer.WriteString("completionReason"u8, "CONTENT_FILTERED"u8);
        if (!isStreamed)
        {
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Llama(RefusedCall call) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("generation"u8, call.Message);
        writer.WriteNumber("prompt_token_count"u8, 0);
        writer.WriteNumber("generation_token_count"u8, 0);
        writer.WriteString("stop_reason"u8, "stop"u8);
        writer.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Mistral(RefusedCall call) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("outputs"u8);
        writer.WriteStartObject();
        writer.WriteString("text"u8, call.Message);
        writer.WriteString("stop_reason"u8, "stop"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
