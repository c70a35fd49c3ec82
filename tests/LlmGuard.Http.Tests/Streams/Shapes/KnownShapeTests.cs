using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Http.Tests.Streams.Endings;
using LlmGuard.Http.Tests.Streams.Laws;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Http.Tests.Streams.Shapes;

/// <summary>
/// Events that are read by comparing them with one before: nothing passes that way that a reader would see otherwise, and they cost no memory.
/// </summary>
internal sealed class KnownShapeTests
{
    private const string Gemini = "/v1beta/models/gemini:streamGenerateContent";
    private const string Prefix = """data: {"type":"response.output_text.delta","sequence_number":""";

    private static readonly string[] Odd =
    [
        Event("1", "a\nb"), Event("1", "a\\qb"), Event("1", "\\ud83d"), Event("1", "\\ud83d\\ude00"), Event("1", "a\",\"x\":\"ann@example.com"),
            Event("1", "\\u0041nn@example.com"),
        Event("01", "x"), Event("-1", "x"), Event("1.5", "x"), Event("1e2", "x"), Event("", "x"), Event("1234567890123456", "x"), Event("\"7\"", "x"),
            Event("1", ""),
        Event("1", "x").TrimEnd('\n') + "\ndata: {}\n\n", Event("1", "x")[..^1] + "\r\n\n", Event("1", "tab\t"), Event("1", "\u007f end"),
            Event("1", "half \\"),
        Prefix + "1}\n\n",
    ];

    private static string[] Numbered { get; } =
        [.. Enumerable.Range(0, 40).Select(static n => Event(n.ToString(System.Globalization.CultureInfo.InvariantCulture), "word " + n))];

    [TestCaseSource(nameof(Odd))]
    public async Task StreamAsync_EventThatAlmostHasTheShape_IsReadAsEver(string odd)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var head = GuardedStreams.Head("text/event-stream", "/v1/responses");
        var stream = Encoding.UTF8.GetBytes(string.Concat(Numbered[..3]) + odd + string.Concat(Numbered[3..6]));
        var whole = await app.HeldAsync(stream, head);
        foreach (var cuts in (IEnumerable<int>[])[[], [stream.Length / 2], Enumerable.Range(1, stream.Length - 1)])
        {
            var streamed = await app.StreamAsync(stream, head, cuts);
            Assert.That(streamed.Refusal is null, Is.EqualTo(whole is not null), odd);
            if (whole is not null)
            {
                Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole)), odd);
            }
        }
    }

    [TestCase(1)]
    [TestCase(7000)]
    [TestCase(30_000)]
    public async Task StreamAsync_CommentsThatOvertakeWaitingEvents_LeaveTheseAsTheyWere(int comments)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var head = GuardedStreams.Head("text/event-stream", "/v1/responses");
        var pings = string.Concat(Enumerable.Repeat(": ping here\n", comments));
        string[] first = [.. Numbered[..4], Event("5", "card 4111 11"), Event("6", "11 11")];
        string[] last = [Event("7", "11 1111"), Event("8", " and on. "), .. Numbered[9..12]];
        var whole = Encoding.UTF8.GetString((await app.HeldAsync(Encoding.UTF8.GetBytes(string.Concat([.. first, .. last])), head))!);
        Assert.That(whole, Does.Not.Contain("4111 11"));
        var before = string.Concat(first);
        var stream = Encoding.UTF8.GetBytes(before + pings + string.Concat(last));
        foreach (var cuts in (IEnumerable<int>[])[[], [before.Length], Enumerable.Range(1, stream.Length / 997).Select(static n => 997 * n),
            [before.Length - 3, before.Length + 20]])
        {
            var streamed = await app.StreamAsync(stream, head, cuts);
            Assert.That(streamed.Text.Replace(": ping here\n", "", StringComparison.Ordinal), Is.EqualTo(whole));
            Assert.That(streamed.Text, Has.Length.EqualTo(whole.Length + pings.Length));
        }
    }

    [Test]
    public async Task StreamAsync_TextsOfAnyLength_AreReadAsEver()
    {
        string[] ends = ["", "é", "\\n", "\\u0041", "\u007f", "\\\"", " ann@example.com", "\\\\"];
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var head = GuardedStreams.Head("text/event-stream", "/v1/responses");
        foreach (var end in ends)
        {
            var events = Enumerable.Range(0, 70).Select(n => Event("1", new string('x', n) + end) + Event("2", new string('y', 70 - n) + end + " "));
            var stream = Encoding.UTF8.GetBytes(string.Concat(events));
            var whole = await app.HeldAsync(stream, head);
            foreach (var cuts in (IEnumerable<int>[])[[], Enumerable.Range(1, stream.Length / 997).Select(static n => 997 * n)])
            {
                var streamed = await app.StreamAsync(stream, head, cuts);
                Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole!)), end);
            }
        }
    }

    [TestCase("/v1/chat/completions",
        """{"object":"chat.completion.chunk","note":"ask ann@example.com","choices":[{"index":0,"delta":{"content":"word # "}}]}""")]
    [TestCase(Gemini, """{"candidates":[{"content":{"parts":[{"text":"word # "}]},"finishMessage":"ask ann@example.com"}]}""")]
    [TestCase(Gemini, """{"candidates":[{"content":{"parts":[{"text":"word # "}]},"groundingMetadata":{"webSearchQueries":["ann@example.com"]}}]}""")]
    [TestCase(Gemini,
        """{"candidates":[{"content":{"parts":[{"text":"word # "}]}}],"promptFeedback":{"blockReasonMessage":"ask ann@example.com"}}""")]
    public async Task StreamAsync_SomethingToMaskBesideTheText_IsMaskedInEveryEvent(string path, string json)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var head = GuardedStreams.Head("text/event-stream", path);
        var stream = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 6)
            .Select(n => "data: " + json.Replace('#', (char)('0' + n)) + "\n\n")));
        var whole = Encoding.UTF8.GetString((await app.HeldAsync(stream, head))!);
        Assert.That(whole, Does.Not.Contain("ann@").And.Contain("word 5"));
        foreach (var cuts in (IEnumerable<int>[])[[], Enumerable.Range(1, stream.Length - 1)])
        {
            Assert.That((await app.StreamAsync(stream, head, cuts)).Text, Is.EqualTo(whole));
        }
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(1000)]
    public async Task FeedAsync_BlockAfterNumberedEvents_GoesOnCounting(int eventsAtOnce)
    {
        await using var app = new GuardedStreams("""{ "name": "stop_word" }""", null, "", new StopWordPlugin());
        var stream = string.Concat(Numbered) + Event("40", "then the for") + Event("41", "bidden word");
        var ends = Enumerable.Range(1, stream.Length).Where(end => end == stream.Length || stream.AsSpan(0, end).EndsWith("\n\n")).Where((_, n) =>
            n % eventsAtOnce == 0);
        var streamed = await app.StreamAsync(Encoding.UTF8.GetBytes(stream), GuardedStreams.Head("text/event-stream", "/v1/responses"), ends);
        var numbers = StreamEndingTests.Data(streamed.Text).Select(static d => JsonNode.Parse(d)!["sequence_number"]!.GetValue<int>()).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(streamed.Refusal, Is.Not.Null);
            Assert.That(streamed.Text, Does.Contain("word 39").And.Contain("response.incomplete").And.Not.Contain("bidden"));
            Assert.That(numbers, Is.Ordered.And.Unique);
        }
    }

    [Test]
    public async Task FeedAsync_NumberedEvents_TakeNoMemoryEach()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream", "/v1/responses"));
        var reads = Numbered.Chunk(8).Select(static events => Encoding.UTF8.GetBytes(string.Concat(events))).ToArray();
        var output = new byte[64 * 1024];
        var (fed, left) = (0L, 0L);
        var least = LeastAllocated.By(async () =>
        {
            foreach (var read in reads)
            {
                await guard.FeedAsync(read);
                fed += read.Length;
                left += guard.Output.Take(output);
            }
        }, 40 * 32);
        Assert.That(least, Is.LessThanOrEqualTo(40 * 32), "a reader would take kilobytes for each of forty events");
        Assert.That(left, Is.GreaterThan(fed * 9 / 10), "nearly all of it has left");
    }

    private static string Event(string number, string text) => Prefix + number
        + ",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"" + text + "\"}\n\n";
}
