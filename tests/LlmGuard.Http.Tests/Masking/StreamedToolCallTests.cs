using LlmGuard.Http.Tests.Streams;

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
            Assert.That(Arguments(text), Is.EqualTo(isRestored ? arguments.Replace(placeholder, "joe@example.com", StringComparison.Ordinal) : arguments));
        }
    }

    private static string Arguments(string stream) => string.Concat(StreamEndingTests.Data(stream)
        .Where(static d => d != "[DONE]")
        .Select(static d => System.Text.Json.Nodes.JsonNode.Parse(d)!["choices"]![0]?["delta"]?["tool_calls"]?[0]?["function"]?["arguments"]?.GetValue<string>()));
}
