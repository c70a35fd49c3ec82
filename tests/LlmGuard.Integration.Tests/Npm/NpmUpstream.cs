using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.Http.Wire.AmazonEvents;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.Integration.Tests.Npm;

/// <summary>
/// Stands for the vendors: says the same address in every dialect, streamed in pieces that cut it in two.
/// </summary>
internal static class NpmUpstream
{
    public const string Answer = "Write to ann@example.com today.";

    private static readonly string[] Pieces = ["Write to ann@exa", "mple.com ", "today."];

    public static async Task AnswerAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var path = context.Request.Path.Value!;
        var stream = body.RootElement.TryGetProperty("stream", out var value) ? value.ValueKind == JsonValueKind.True
            : path.StartsWith("/api/", StringComparison.Ordinal) || path.Contains("tream", StringComparison.Ordinal);
        var (type, bytes) = Bytes(path, stream);
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static (string Type, byte[] Bytes) Bytes(string path, bool stream)
    {
        const string Json = "application/json";
        return (path, stream) switch
        {
            ("/v1/chat/completions", false) => (Json, Text(Completion(new() { ["message"] = Said(Answer) }, "chat.completion", "stop"))),
            ("/v1/chat/completions", true) => Events(
                [.. Pieces.Select(static piece => Completion(new() { ["delta"] = Said(piece) }, "chat.completion.chunk", null)),
                    Completion(new() { ["delta"] = new JsonObject() }, "chat.completion.chunk", "stop")],
                "data: [DONE]\n\n"),
            ("/v1/messages", false) => (Json, Text(Claude(Answer))),
            ("/v1/messages", true) => Events(ClaudeEvents()),
            ("/api/chat", false) => (Json, Text(Ollama(new() { ["message"] = Said(Answer) }, true))),
            ("/api/chat", true) =>
                Lines([.. Pieces.Select(static piece => Ollama(new() { ["message"] = Said(piece) }, false)),
                Ollama(new() { ["message"] = Said("") }, true)]),
            ("/api/generate", false) => (Json, Text(Ollama(new() { ["response"] = Answer }, true))),
            ("/api/generate", true) =>
                Lines([.. Pieces.Select(static piece => Ollama(new() { ["response"] = piece }, false)), Ollama(new() { ["response"] = "" }, true)]),
            ("/v2/chat", false) => (Json,
                Text(new() { ["id"] = "c", ["finish_reason"] = "COMPLETE",
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = Block(Answer, "text") } })),
            ("/v2/chat", true) => Events(CohereEvents()),
            ("/v1/chat", false) => (Json, Text(new() { ["generation_id"] = "g", ["text"] = Answer, ["finish_reason"] = "COMPLETE" })),
            ("/v1/chat", true) => Lines(
                [
                    new() { ["is_finished"] = false, ["event_type"] = "stream-start", ["generation_id"] = "g" },
                    .. Pieces.Select(static piece => new JsonObject { ["is_finished"] = false, ["event_type"] = "text-generation",
                        ["text"] = piece }),
                    new() { ["is_finished"] = true, ["event_type"] = "stream-end", ["finish_reason"] = "COMPLETE",
                        ["response"] = new JsonObject { ["generation_id"] = "g", ["text"] = Answer } },
                ],
                "application/stream+json"),
            ({ } gemini, false) when gemini.EndsWith(":generateContent", StringComparison.Ordinal) => (Json, Text(Gemini(Answer, "STOP"))),
            ({ } gemini, true) when gemini.EndsWith(":streamGenerateContent", StringComparison.Ordinal) =>
                Events([Gemini(Pieces[0], null), Gemini(Pieces[1], null), Gemini(Pieces[2], "STOP")]),
            ({ } converse, false) when converse.EndsWith("/converse", StringComparison.Ordinal) => (Json, Text(new()
            {
                ["output"] = new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant",
                ["content"] = new JsonArray(new JsonObject { ["text"] = Answer }) } }, ["stopReason"] = "end_turn",
                ["usage"] = new JsonObject { ["inputTokens"] = 1, ["outputTokens"] = 1, ["totalTokens"] = 2 },
                ["metrics"] = new JsonObject { ["latencyMs"] = 1 },
            })),
            ({ } converse, true) when converse.EndsWith("/converse-stream", StringComparison.Ordinal) => Frames(
                [
                    ("messageStart", new() { ["role"] = "assistant" }),
                    .. Pieces.Select(static piece => ("contentBlockDelta",
                        new JsonObject { ["contentBlockIndex"] = 0, ["delta"] = new JsonObject { ["text"] = piece }, ["p"] = "abcdef" })),
                    ("contentBlockStop", new() { ["contentBlockIndex"] = 0 }),
                    ("messageStop", new() { ["stopReason"] = "end_turn" }),
                ]),
            ({ } invoke, false) when invoke.EndsWith("/invoke", StringComparison.Ordinal) => (Json, Text(Claude(Answer))),
            ({ } invoke, true) when invoke.EndsWith("/invoke-with-response-stream", StringComparison.Ordinal) =>
                Frames([.. ClaudeEvents().Select(static e =>
                    ("chunk", new JsonObject { ["bytes"] = Convert.ToBase64String(Text(e)), ["p"] = "abc" }))]),
            _ => throw new InvalidOperationException($"No vendor answers {path}."),
        };
    }

    private static JsonObject Said(string text) => new() { ["role"] = "assistant", ["content"] = text };

    private static JsonArray Block(string text, string type) => new(new JsonObject { ["type"] = type, ["text"] = text });

    private static JsonObject Completion(JsonObject choice, string type, string? finish)
    {
        choice["index"] = 0;
        choice["finish_reason"] = finish;
        return new()
        {
            ["id"] = "c", ["object"] = type, ["created"] = 1, ["model"] = "toy", ["choices"] = new JsonArray(choice),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 1, ["completion_tokens"] = 1, ["total_tokens"] = 2 },
        };
    }

    private static JsonObject Claude(string text) => new()
    {
        ["id"] = "m", ["type"] = "message", ["role"] = "assistant", ["model"] = "toy", ["content"] = text.Length == 0
        ? new JsonArray() : Block(text, "text"), ["stop_reason"] = text.Length == 0 ? null : "end_turn", ["stop_sequence"] = null,
        ["usage"] = new JsonObject { ["input_tokens"] = 1, ["output_tokens"] = 1 },
    };

    private static JsonObject[] ClaudeEvents() =>
    [
        new() { ["type"] = "message_start", ["message"] = Claude("") },
        new() { ["type"] = "content_block_start", ["index"] = 0, ["content_block"] = new JsonObject { ["type"] = "text", ["text"] = "" } },
        .. Pieces.Select(static piece => new JsonObject { ["type"] = "content_block_delta", ["index"] = 0,
            ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = piece } }),
        new() { ["type"] = "content_block_stop", ["index"] = 0 },
        new() { ["type"] = "message_delta", ["delta"] = new JsonObject { ["stop_reason"] = "end_turn", ["stop_sequence"] = null }, ["usage"] =
            new JsonObject { ["output_tokens"] = 1 } },
        new() { ["type"] = "message_stop" },
    ];

    private static JsonObject[] CohereEvents()
    {
        static JsonObject Delta(string type, JsonObject content) => new()
        {
            ["type"] = type, ["index"] = 0, ["delta"] = new JsonObject { ["message"] = new JsonObject { ["content"] = content } },
        };
        return
        [
            new() { ["type"] = "message-start", ["id"] = "c",
                ["delta"] = new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant" } } },
            Delta("content-start", new() { ["type"] = "text", ["text"] = "" }),
            .. Pieces.Select(static piece => Delta("content-delta", new() { ["text"] = piece })),
            new() { ["type"] = "content-end", ["index"] = 0 },
            new() { ["type"] = "message-end", ["delta"] = new JsonObject { ["finish_reason"] = "COMPLETE" } },
        ];
    }

    private static JsonObject Ollama(JsonObject line, bool isDone)
    {
        line["model"] = "toy";
        line["created_at"] = "2026-11-22T00:00:00Z";
        line["done"] = isDone;
        if (isDone)
        {
            line["done_reason"] = "stop";
        }

        return line;
    }

    private static JsonObject Gemini(string text, string? finish)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["parts"] = new JsonArray(new JsonObject { ["text"] = text }),
            ["role"] = "model" }, ["index"] = 0 };
        if (finish is not null)
        {
            candidate["finishReason"] = finish;
        }

        return new() { ["candidates"] = new JsonArray(candidate), ["modelVersion"] = "toy", ["responseId"] = "r" };
    }

    private static byte[] Text(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static (string, byte[]) Events(JsonObject[] events, string end = "")
    {
        var named = events.Select(static e => (e["type"] is { } type ? $"event: {type}\n" : "") + "data: " + e.ToJsonString() + "\n\n");
        return ("text/event-stream", Encoding.UTF8.GetBytes(string.Concat(named) + end));
    }

    private static (string, byte[]) Lines(JsonObject[] lines, string type = "application/x-ndjson") =>
        (type, Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line.ToJsonString() + "\n"))));

    private static (string, byte[]) Frames((string Type, JsonObject Payload)[] frames)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var (type, payload) in frames)
        {
            AmazonEventWriter.WriteEvent(output, type, Text(payload));
        }

        return ("application/vnd.amazon.eventstream", output.WrittenSpan.ToArray());
    }
}
