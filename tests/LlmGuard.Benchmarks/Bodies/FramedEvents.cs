using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGuard.Benchmarks.Cases;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Benchmarks.Bodies;

/// <summary>The texts of <see cref="ChatEvents"/> as services stream them that frame their events by more than lines.</summary>
internal static class FramedEvents
{
    /// <summary>Messages of Bedrock's ConverseStream, with the padding that it sends.</summary>
    public static IReadOnlyList<byte[]> Messages { get; } = [.. ChatEvents.Texts.Select(static (text, n) => Message(
        "{\"contentBlockIndex\":0,\"delta\":{\"text\":" + JsonSerializer.Serialize(text) + "},\"p\":\""
            + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"[..(2 + (n * 7 % 33))] + "\"}"))];

    /// <summary>Items of the array that Gemini streams without <c>alt=sse</c>, each with the comma before it.</summary>
    public static IReadOnlyList<byte[]> Items { get; } = [.. ChatEvents.Texts.Select(static text => Encoding.UTF8.GetBytes(
        ",\r\n{\n  \"candidates\": [\n    {\n      \"content\": {\n        \"parts\": [\n"
        + "          {\n            \"text\": " + JsonSerializer.Serialize(text)
        + "\n          }\n        ],\n        \"role\": \"model\"\n      },\n      \"index\": 0\n    }\n  ],\n"
        + "  \"usageMetadata\": {\n    \"promptTokenCount\": 7\n  },\n"
        + "  \"modelVersion\": \"gemini-2.5-flash\"\n}\n"))];

    public static Task<GuardedEvents> OpenMessagesAsync() =>
        GuardedEvents.OpenAsync("/model/anthropic.claude-sonnet-4/converse-stream", "application/vnd.amazon.eventstream");

    public static async Task<GuardedEvents> OpenItemsAsync()
    {
        var guarded = await GuardedEvents.OpenAsync("/v1beta/models/gemini-2.5-flash:streamGenerateContent", "application/json", StreamForm.Array);
        guarded.Take(Encoding.UTF8.GetBytes("[{}"));
        return guarded;
    }

    private static byte[] Message(string payload)
    {
        var message = new ArrayBufferWriter<byte>();
        AmazonEventWriter.WriteEvent(message, "contentBlockDelta", Encoding.UTF8.GetBytes(payload));
        return message.WrittenSpan.ToArray();
    }
}
