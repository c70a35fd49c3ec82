using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Tests.Streams;
using LlmGuard.Http.Tests.Streams.Endings;
using LlmGuard.Http.Wire;

namespace LlmGuard.Http.Tests.Masking;

/// <summary>Arguments of tool calls that arrive in pieces.</summary>
public sealed class StreamedToolCallTests
{
    [TestCase("send", true)]
    [TestCase("other", false)]
    public async Task Stream_ToolArguments_AreRestoredOnlyWhereThePolicyNamesTheTool(string named, bool isRestored)
    {
        await using var guarded = new GuardedStreams(
            $$"""{ "name": "data_masking", "settings": { "apply_all": true, "reversible_hashing": { "enabled": true, "restore_into": ["{{named}}"] } } }""");
        for (var size = 1; size < 40; size += 6)
        {
            await using var call = guarded.Begin();
            var request = await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("joe@example.com", SegmentRole.User));
            var placeholder = request.Content[0].Text;
            var arguments = $$"""{"to": "{{placeholder}}", "cc": "x"}""";
            using var guard = await guarded.OpenAsync(call, GuardedStreams.Head("text/event-stream"));
            await guard.FeedAsync(SampleStreams.ChatTool(arguments.Chunk(size).Select(static c => new string(c))));
            await guard.EndAsync();
            var left = new byte[64 * 1024];
            var text = System.Text.Encoding.UTF8.GetString(left, 0, guard.Output.Take(left));
            Assert.That(guard.IsFinished);
            Assert.That(
                Arguments(text), Is.EqualTo(isRestored ? arguments.Replace(placeholder, "joe@example.com", StringComparison.Ordinal) : arguments));
        }
    }

    [Test]
    public async Task Stream_ResponsesArguments_AreRestoredInEveryCopyWhereThePolicyNamesTheTool(
        [Values("send", "other")] string named, [Values] bool isStreamed, [Values("function_call", "mcp_call", "custom_tool_call")] string item)
    {
        await using var guarded = new GuardedStreams(
            $$"""{ "name": "data_masking", "settings": { "apply_all": true, "reversible_hashing": { "enabled": true, "restore_into": ["{{named}}"] } } }""");
        for (var size = 3; size < 40; size += 9)
        {
            await using var call = guarded.Begin();
            var request = await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("joe@example.com", SegmentRole.User));
            var placeholder = request.Content[0].Text;
            var stream = ResponsesCall(item, $$"""{"to": "{{placeholder}}"}""", size);
            var text = Encoding.UTF8.GetString(isStreamed ? await StreamAsync(guarded, call, stream) : await HoldAsync(call, stream));
            var expected = $$"""{"to": "{{(named == "send" ? "joe@example.com" : placeholder)}}"}""";
            Assert.That(Copies(text), Is.EqualTo(Enumerable.Repeat(expected, 4)), $"{size}");
        }
    }

    private static async Task<byte[]> StreamAsync(GuardedStreams guarded, GuardedCall call, byte[] stream)
    {
        using var guard = await guarded.OpenAsync(call, GuardedStreams.Head("text/event-stream", "/v1/responses"));
        await guard.FeedAsync(stream);
        await guard.EndAsync();
        Assert.That(guard.IsFinished);
        var left = new byte[64 * 1024];
        return left[..guard.Output.Take(left)];
    }

    private static async Task<byte[]> HoldAsync(GuardedCall call, byte[] stream)
    {
        var gate = await ResponseGate.JudgeAsync(
            call, GuardedStreams.Head("text/event-stream", "/v1/responses"), BoundedBody.Over(stream), CancellationToken.None);
        return gate.Rewrite?.Body?.ToArray() ?? stream;
    }

    /// <summary>A call of a tool: the pieces of its arguments, and the three events that repeat them.</summary>
    private static byte[] ResponsesCall(string item, string arguments, int size)
    {
        var member = item == "custom_tool_call" ? "input" : "arguments";
        var type = item == "custom_tool_call" ? "custom_tool_call_input" : item + "_arguments";
        var whole = Item(arguments);
        JsonObject[] events =
        [
            new() { ["type"] = "response.output_item.added", ["output_index"] = 0, ["item"] = Item("") },
            .. arguments.Chunk(size).Select(piece => Event("delta", "delta", new string(piece))),
            Event("done", member, arguments),
            new() { ["type"] = "response.output_item.done", ["output_index"] = 0, ["item"] = whole.DeepClone() },
            new() { ["type"] = "response.completed", ["response"] =
                new JsonObject { ["id"] = "r", ["object"] = "response", ["output"] = new JsonArray(whole) } },
        ];
        return Encoding.UTF8.GetBytes(string.Concat(events.Select(static e => $"event: {e["type"]}\ndata: {e.ToJsonString()}\n\n")));

        JsonObject Item(string text) => new() { ["id"] = "f", ["type"] = item, ["call_id"] = "c", ["name"] = "send", [member] = text };

        JsonObject Event(string kind, string name, string text) =>
            new() { ["type"] = $"response.{type}.{kind}", ["item_id"] = "f", ["output_index"] = 0, [name] = text };
    }

    /// <summary>The arguments as their pieces say them, and as each of the events that repeat them does.</summary>
    private static string[] Copies(string stream)
    {
        var events = StreamEndingTests.Data(stream).Select(static d => JsonNode.Parse(d)!).ToList();
        return
        [
            string.Concat(events.Select(static e => e["delta"]?.GetValue<string>())),
            .. events[^3..].Select(static e => e["item"] ?? e["response"]?["output"]?[0] ?? e)
                .Select(static o => (o["arguments"] ?? o["input"])!.GetValue<string>()),
        ];
    }

    private static string Arguments(string stream) => string.Concat(StreamEndingTests.Data(stream)
        .Where(static d => d != "[DONE]")
        .Select(static d =>
            System.Text.Json.Nodes.JsonNode.Parse(d)!["choices"]![0]?["delta"]?["tool_calls"]?[0]?["function"]?["arguments"]?.GetValue<string>()));
}
