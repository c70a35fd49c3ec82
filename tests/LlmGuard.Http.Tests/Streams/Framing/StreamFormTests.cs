using System.Text;
using LlmGuard.Http.Tests.Streams.Laws;

namespace LlmGuard.Http.Tests.Streams.Framing;

/// <summary>Forms of streams other than the plain one: lines, comments, copies, unknown dialects, assembled calls.</summary>
internal sealed class StreamFormTests
{
    [Test]
    public async Task StreamAsync_UnknownDialect_NeverShowsWhatEventsHoldAloneOrTogether()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Encoding.UTF8.GetBytes("""
            data: {"kind":"delta","say":"mail 9"}

            data: {"kind":"delta","say":"4111111111111111"}

            data: {"kind":"delta","say":" or ann@exa"}

            data: {"kind":"delta","say":"mple.com and Blue"}

            data: {"kind":"delta","say":"bird"}


            """);
        var text = Encoding.UTF8.GetString(stream);
        for (var cut = 0; cut < stream.Length; cut++)
        {
            var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream", null), [cut]);
            Assert.That(streamed.Text,
                Does.Not.Contain("4111111111111111").And.Not.Contain("ann@").And.Not.Contain("Blue").And.Not.Contain("\"bird\""));
            Assert.That(streamed.Text.Split("\n\n"), Has.Length.EqualTo(text.Split("\n\n").Length), "no event is dropped");
            Assert.That(streamed.Text, Does.Contain("\"mail 9\"").And.Contain(" and "));
        }
    }

    [Test]
    public async Task StreamAsync_UnknownTextThatEventsRepeat_EndsAsWhole(
        [Values("standard", "birdBlue", "Bluebird", "4111 1111 ", "11114111", "4111111111111111", "m ann@example.co", "sk-abc", "a")] string piece,
        [Values(1, 2, 4)] int times)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"data: {{\"mode\":\"{piece}\"}}\n\n", times)));
        var head = GuardedStreams.Head("text/event-stream", null);
        var whole = Encoding.UTF8.GetString((await app.HeldAsync(stream, head))!);
        for (var cut = 0; cut < stream.Length; cut++)
        {
            Assert.That((await app.StreamAsync(stream, head, [cut])).Text, Is.EqualTo(whole), $"cut at {cut}");
        }
    }

    [Test]
    public async Task HeldAsync_SecretSplitIntoEqualPieces_IsMasked()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = "data: {\"say\":\"birdBlue\"}\n\ndata: {\"say\":\"birdBlue\"}\n\n"u8.ToArray();
        var whole = Encoding.UTF8.GetString((await app.HeldAsync(stream, GuardedStreams.Head("text/event-stream", null)))!);
        Assert.That(whole, Is.EqualTo("data: {\"say\":\"bird[NAME]\"}\n\ndata: {\"say\":\"Blue\"}\n\n"));
    }

    [Test]
    public async Task StreamAsync_JsonLines_AreJudgedLineByLineAndTogether()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = SampleStreams.Lines("write to ann@exa", "mple.com, ", "Blue", "bird! ", "bye");
        for (var cut = 0; cut < stream.Length; cut++)
        {
            var streamed = await app.StreamAsync(stream, GuardedStreams.Head("application/x-ndjson", null), [cut]);
            Assert.That(streamed.Text, Does.Not.Contain("ann@").And.Not.Contain("Blue").And.Contain("write to ").And.Contain("[NAME]"));
            Assert.That(streamed.Text.Split('\n'), Has.Length.EqualTo(6));
        }
    }

    [TestCase("\n")]
    [TestCase("\r\n")]
    [TestCase("\r")]
    public async Task StreamAsync_SeveralDataLinesCommentsAndMark_EndAsWhole(string newline)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var text = "\uFEFFevent: message\nid: 1\ndata: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"I am Blue\"}}]}\n\n"
            + "data:{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"bird, hi\"}}]}\nretry: 5\n\ndata: [DONE]\n\n";
        var stream = Encoding.UTF8.GetBytes(text.Replace("\n", newline, StringComparison.Ordinal));
        var head = GuardedStreams.Head("text/event-stream");
        var whole = await app.HeldAsync(stream, head);
        Assert.That(Encoding.UTF8.GetString(whole!), Does.Contain("[NAME]"));
        for (var cut = 0; cut < stream.Length; cut++)
        {
            var streamed = await app.StreamAsync(stream, head, [cut]);
            Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole!)), $"cut at {cut}");
        }
    }

    [Test]
    public async Task StreamAsync_CommentsAndPings_OvertakeHeldText()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var held =
            Encoding.UTF8.GetBytes("data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Blue\"}}\n\n");
        var ping = Encoding.UTF8.GetBytes("event: ping\ndata: {\"type\": \"ping\"}\n\n: still here\n\n");
        var start =
            Encoding.UTF8.GetBytes("data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n");
        byte[] early = [.. held, .. ping];
        var first = await app.StreamAsync(early, GuardedStreams.Head("text/event-stream", "/v1/messages"), [early.Length]);
        Assert.That(first.Lengths[0], Is.EqualTo(": still here\n".Length), "clients know pings only once the answer has begun");
        held = [.. start, .. held];
        byte[] stream = [.. held, .. ping];
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream", "/v1/messages"), [held.Length, stream.Length]);
        Assert.That(streamed.Lengths, Is.EqualTo(new[] { start.Length, start.Length + ping.Length - 1, start.Length + ping.Length - 1 }),
            "the empty line after the comment keeps its place");
        Assert.That(streamed.Text[start.Length..], Does.StartWith("event: ping\n").And.Contain("Blue"));
    }

    [Test]
    public async Task StreamAsync_ToolCall_LeavesOnceAllOfItIsThere()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = SampleStreams.ChatTool("{\"to\":", " \"ann@exam", "ple.com\", \"n\":", " 1}");
        var text = Encoding.UTF8.GetString(stream);
        var beforeLast = text.IndexOf("\" 1}\"", StringComparison.Ordinal);
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"),
            [beforeLast, text.IndexOf("\"finish_reason\":\"tool_calls\"", StringComparison.Ordinal)]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Encoding.UTF8.GetString(streamed.Bytes, 0, streamed.Lengths[0]), Does.Not.Contain("{\\\"to\\\""),
                "no piece before the last is there");
            Assert.That(Encoding.UTF8.GetString(streamed.Bytes, 0, streamed.Lengths[1]), Does.Contain("\" 1}\""),
                "the call leaves with its last piece, not with the stream's end");
            Assert.That(streamed.Text, Does.Not.Contain("ann@exam"));
        }
    }

    [Test]
    public async Task StreamAsync_CopiesOfText_AgreeWithItsPieces()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Encoding.UTF8.GetBytes("""
            event: response.created
            data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","model":"m","output":[]}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","sequence_number":1,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi Blue"}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"bird!"}

            event: response.output_text.done
            data: {"type":"response.output_text.done","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"text":"Hi Bluebird!"}

            event: response.content_part.done
            data: {"type":"response.content_part.done","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hi Bluebird!","annotations":[]}}

            event: response.completed
            data: {"type":"response.completed","sequence_number":5,"response":{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":[{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi Bluebird!","annotations":[]}]}],"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}}}


            """);
        var head = GuardedStreams.Head("text/event-stream", "/v1/responses");
        var whole = await app.HeldAsync(stream, head);
        for (var cut = 0; cut < stream.Length; cut += 3)
        {
            var streamed = await app.StreamAsync(stream, head, [cut]);
            Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole!)));
        }

        Assert.That(Encoding.UTF8.GetString(whole!), Does.Not.Contain("bird").And.Contain("Hi [NAME]!").And.Contain("\"total_tokens\":3"));
    }

    [Test]
    public async Task StreamAsync_TenThousandCharacters_KeepsMemoryBounded()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = SampleStreams.Chat(Enumerable.Range(0, 10_000).Select(static n => n % 7 == 0 ? " " : "a"));
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream"));
        var chunk = new byte[64 * 1024];
        long left = 0, most = 0;
        for (var at = 0; at < stream.Length; at += 4096)
        {
            await guard.FeedAsync(stream.AsMemory(at, Math.Min(4096, stream.Length - at)));
            most = Math.Max(most, app.Budget.Held);
            left += guard.Output.Take(chunk);
        }

        await guard.EndAsync();
        left += guard.Output.Take(chunk);
        Assert.That(left, Is.EqualTo(stream.Length));
        Assert.That(most, Is.LessThanOrEqualTo(128 * 1024));
    }

    [TestCase("QmFzZTY0", TestName = "one word in base64")]
    [TestCase("Plain words that go on and on. ", TestName = "words")]
    [TestCase("0123456789", TestName = "one number")]
    [TestCase("%41", TestName = "percent signs")]
    [TestCase("aaaa@", TestName = "signs of mail")]
    public async Task StreamAsync_LongRunOfOneKind_IsNotHeldBeyondTheDefaultBound(string piece)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = SampleStreams.Chat(Enumerable.Range(0, 200).Select(_ => string.Concat(Enumerable.Repeat(piece, 1024 / piece.Length))));
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"),
            Enumerable.Range(1, stream.Length / 1500).Select(static n => n * 1500));
        Assert.That(streamed.Refusal, Is.Null);
        var held = streamed.Lengths.Select((length, n) => ((n + 1) * 1500) - length).Take(streamed.Lengths.Count - 1).Max();
        await TestContext.Out.WriteLineAsync($"at most {held} bytes of the stream were held");
        Assert.That(held, Is.LessThan(64 * 1024));
    }

    [Test]
    public async Task StreamAsync_OneLargeEvent_PassesWithItsMasks()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = SampleStreams.Chat(new string('y', 5_000_000) + " Bluebird ", "end");
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"),
            Enumerable.Range(1, 305).Select(n => n * 16_384).Where(c => c < stream.Length));
        Assert.That(streamed.Text, Does.Contain("yyy [NAME] ").And.Contain("end"));
        Assert.That(app.Budget.Held, Is.Zero, "room is given back");
    }
}
