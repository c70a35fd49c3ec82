using System.Text.Json;
using LlmGuard.Http.Dialects.AnthropicMessages;
using LlmGuard.Http.Dialects.Cohere;
using LlmGuard.Http.Dialects.OpenAiChat;
using LlmGuard.Http.Refusals;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>
/// Answers that refuse in the words of the family that the model's id names. Ids that name none, and models that embed, have no such answer.
/// </summary>
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

        var stream = new EventStreamAnswer(StreamForm.AmazonEvents);
        foreach (var text in texts)
        {
            stream.Add(text.Span);
        }

        return stream.ToAnswer();
    }

    private static List<ReadOnlyMemory<byte>>? Texts(RefusedCall call, bool isStreamed) =>
        InvokeModelFamilies.OfModel(call.Model) switch
        {
            InvokeModelFamily.Claude => OfEvents(AnthropicRefusal.Completion(call), isStreamed),
            InvokeModelFamily.CommandR => OfLines(CohereRefusal.FirstCompletion(call), isStreamed),
            InvokeModelFamily.Nova => isStreamed
                ? [.. ConverseRefusal.Events(call).Select(static e => Wrapped(e.Name, e.WriteMembers))]
                : [ConverseRefusal.Completion(call).Body],
            InvokeModelFamily.OpenAi => OfEvents(OpenAi.Of(call), isStreamed),
            { } prompted => [Prompted(call, prompted, isStreamed)],
            _ => null,
        };

    /// <summary>Writes the members of an answer, or of its last event, of models that take a prompt.</summary>
    public static void WriteText(Utf8JsonWriter writer, InvokeModelFamily family, string text, bool isStreamed)
    {
        switch (family)
        {
            case InvokeModelFamily.Titan:
                WriteTitan(writer, text, isStreamed);
                break;
            case InvokeModelFamily.Llama:
                writer.WriteString("generation"u8, text);
                writer.WriteNumber("prompt_token_count"u8, 0);
                writer.WriteNumber("generation_token_count"u8, 0);
                writer.WriteString("stop_reason"u8, "stop"u8);
                break;
            default:
                writer.WriteStartArray("outputs"u8);
                writer.WriteStartObject();
                writer.WriteString("text"u8, text);
                writer.WriteString("stop_reason"u8, "stop"u8);
                writer.WriteEndObject();
                writer.WriteEndArray();
                break;
        }
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

    private static ReadOnlyMemory<byte> Prompted(RefusedCall call, InvokeModelFamily family, bool isStreamed) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        WriteText(writer, family, call.Message, isStreamed);
        writer.WriteEndObject();
    });

    private static void WriteTitan(Utf8JsonWriter writer, string text, bool isStreamed)
    {
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

        writer.WriteString("outputText"u8, text);
        writer.WriteString("completionReason"u8, "CONTENT_FILTERED"u8);
        if (!isStreamed)
        {
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
    }
}
