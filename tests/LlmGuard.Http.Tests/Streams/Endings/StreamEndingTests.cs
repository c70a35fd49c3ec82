using System.Text;
using System.Text.Json;

namespace LlmGuard.Http.Tests.Streams.Endings;

/// <summary>What a caller sees of a stream that is cut.</summary>
internal sealed class StreamEndingTests
{
    private static GuardedStreams App(string gateway = "") => new("""{ "name": "stop_word" }""", null, gateway, new StopWordPlugin());

    [Test]
    public async Task StreamAsync_BlockInChat_EndsChoiceWithContentFilter()
    {
        await using var app = App();
        var stream = SampleStreams.Chat("All is ", "well. Now the for", "bidden word ", "and more.");
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"), []);
        var events = Data(streamed.Text);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ChatText(events), Is.EqualTo("All is "), "the text up to the event in which the word begins");
            Assert.That(events[^1], Is.EqualTo("[DONE]"));
            var finish = JsonDocument.Parse(events[^2]).RootElement;
            Assert.That(finish.GetProperty("id").GetString(), Is.EqualTo("chatcmpl-1"));
            Assert.That(finish.GetProperty("model").GetString(), Is.EqualTo("m"));
            Assert.That(finish.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), Is.EqualTo("content_filter"));
            Assert.That(streamed.Refusal?.Plugin, Is.EqualTo("stop_word"));
            Assert.That(streamed.Decision.Action, Is.EqualTo(GuardrailAction.Block));
            Assert.That(streamed.Decision.Results.Single().Findings.Single().Rule, Is.EqualTo("word"));
        }
    }

    [Test]
    public async Task StreamAsync_BlockInOneOfTwoChoices_EndsBoth()
    {
        await using var app = App();
        var stream = SampleStreams.ChatOf([(0, "one "), (1, "two "), (1, "forbidden"), (0, "more")]);
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"), []);
        var finished = Data(streamed.Text).Where(e => e.Contains("content_filter", StringComparison.Ordinal))
            .Select(e => JsonDocument.Parse(e).RootElement.GetProperty("choices")[0].GetProperty("index").GetInt32());
        Assert.That(finished, Is.EqualTo(new[] { 0, 1 }));
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(100)]
    public async Task StreamAsync_BlockInArguments_LeavesNothingOfThem(int size)
    {
        await using var app = App();
        var stream = SampleStreams.ChatTool("{\"to\":\"bob\",\"text\":\"a forbidden word\"}".Chunk(size).Select(static c => new string(c)));
        foreach (var cuts in (int[][])[[], [.. Enumerable.Range(1, stream.Length - 1)]])
        {
            var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"), cuts);
            Assert.That(streamed.Text, Does.Contain("content_filter").And.Not.Contain("\"{").And.Not.Contain("{\\\"").And.Not.Contain("bob"),
                "not what stands before the word either");
        }
    }

    [Test]
    public async Task StreamAsync_BlockInAnthropic_ClosesBlockAndMessage()
    {
        await using var app = App();
        var streamed =
            await app.StreamAsync(SampleStreams.Anthropic("fine ", "forbidden"), GuardedStreams.Head("text/event-stream", "/v1/messages"), []);
        var types = Data(streamed.Text).Select(e => JsonDocument.Parse(e).RootElement.GetProperty("type").GetString());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(types,
                Is.EqualTo(new[] { "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta",
                "message_stop" }));
            Assert.That(streamed.Text, Does.Contain("\"stop_reason\":\"refusal\""));
            Assert.That(streamed.Text, Does.Not.Contain("forbidden"));
        }
    }

    [Test]
    public async Task StreamAsync_BlockInResponses_IsIncompleteWithNextSequenceNumber()
    {
        await using var app = App();
        const string Stream = """
            event: response.created
            data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_7","object":"response","created_at":1,"status":"in_progress","model":"m","output":[]}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","sequence_number":1,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"fine "}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"forbidden"}


            """;
        var streamed = await app.StreamAsync(Encoding.UTF8.GetBytes(Stream), GuardedStreams.Head("text/event-stream", "/v1/responses"), []);
        var last = JsonDocument.Parse(Data(streamed.Text)[^1]).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(last.GetProperty("type").GetString(), Is.EqualTo("response.incomplete"));
            Assert.That(last.GetProperty("sequence_number").GetInt32(), Is.EqualTo(2));
            Assert.That(last.GetProperty("response").GetProperty("id").GetString(), Is.EqualTo("resp_7"));
            Assert.That(last.GetProperty("response").GetProperty("incomplete_details").GetProperty("reason").GetString(),
                Is.EqualTo("content_filter"));
        }
    }

    [Test]
    public async Task StreamAsync_BlockInUnknownDialect_EndsWithErrorEvent()
    {
        await using var app = App();
        var stream = Encoding.UTF8.GetBytes("data: {\"say\":\"fine\"}\n\ndata: {\"say\":\"forbidden\"}\n\n");
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream", null), []);
        Assert.That(streamed.Text, Does.Contain("event: error\ndata: {").And.Not.Contain("forbidden"));
    }

    [TestCase("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}\n\n", TestName = "malformed JSON")]
    [TestCase("data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}\n\n", TestName = "half of a surrogate pair")]
    [TestCase("data: {\"choices\":[],\"choices\":[{\"index\":0}]}\n\n", TestName = "a key twice")]
    public async Task StreamAsync_EventThatCannotBeRead_IsCutAsOutputFailure(string broken)
    {
        await using var app = App();
        var whole = SampleStreams.Chat("fine. ");
        var start = Encoding.UTF8.GetString(whole);
        start = start[
            ..start.IndexOf("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[]",
            StringComparison.Ordinal)];
        var streamed =
            await app.StreamAsync(Encoding.UTF8.GetBytes(start + broken + "data: [DONE]\n\n"), GuardedStreams.Head("text/event-stream"), []);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(streamed.Refusal?.Code, Is.EqualTo(RefusalCodes.OutputUninspectable));
            Assert.That(streamed.Text, Does.Contain("fine. "));
            Assert.That(streamed.Text, Does.Not.Contain("\"x\""));
            Assert.That(streamed.Text, Does.EndWith("data: [DONE]\n\n"));
        }
    }

    [Test]
    public async Task StreamAsync_TextHeldBeyondBound_IsCutAndNeverPassed()
    {
        await using var app = new GuardedStreams("""{ "name": "stop_word" }""", null, """ "limits": { "max_held_bytes": 1024 }, """,
            new StopWordPlugin { HoldsEverything = true });
        var streamed = await app.StreamAsync(SampleStreams.Chat(Enumerable.Repeat(new string('y', 100), 20)),
            GuardedStreams.Head("text/event-stream"), Enumerable.Range(1, 40).Select(n => n * 100));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(streamed.Refusal?.Reason, Is.EqualTo(FailureReasons.LimitExceeded));
            Assert.That(streamed.Text, Does.Not.Contain("yyy"));
        }
    }

    [Test]
    public async Task StreamAsync_EventLargerThanBodies_IsCut()
    {
        await using var app = App(""" "limits": { "max_body_bytes": 20000 }, """);
        var streamed =
            await app.StreamAsync(SampleStreams.Chat(new string('y', 30_000)), GuardedStreams.Head("text/event-stream"), [5000, 10_000, 25_000]);
        Assert.That(streamed.Refusal?.Reason, Is.EqualTo(FailureReasons.LimitExceeded));
    }

    [Test]
    public async Task StreamAsync_ScannerThatThrows_IsFailureAndNotAllow()
    {
        await using var app = new GuardedStreams("""{ "name": "stop_word", "on_error": "allow" }""", null, "", new StopWordPlugin { Throws = true });
        var streamed = await app.StreamAsync(SampleStreams.Chat("text"), GuardedStreams.Head("text/event-stream"), []);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(streamed.Refusal?.Code, Is.EqualTo(RefusalCodes.OutputUninspectable));
            Assert.That(streamed.Decision.Results.Single().Failure?.Reason, Is.EqualTo(FailureReasons.Exception));
            Assert.That(streamed.Text, Does.Not.Contain("\"text\""));
        }
    }

    internal static List<string> Data(string stream) =>
        [.. stream.Split('\n').Where(l => l.StartsWith("data:", StringComparison.Ordinal)).Select(l => l[5..].Trim())];

    internal static string ChatText(IEnumerable<string> events) => string.Concat(events
        .Where(static e => e != "[DONE]")
        .SelectMany(static e => JsonDocument.Parse(e).RootElement.GetProperty("choices").EnumerateArray())
        .Select(static c => c.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));
}
