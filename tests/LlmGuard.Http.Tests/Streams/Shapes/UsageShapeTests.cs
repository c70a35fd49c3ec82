using System.Text;
using LlmGuard.Http.Tests.Streams.Laws;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Http.Tests.Streams.Shapes;

/// <summary>
/// Gemini tells the tokens used so far in every event: such events share a shape although their numbers differ, and the last ones count.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class UsageShapeTests
{
    private const string Path = "/v1beta/models/gemini-pro:streamGenerateContent";

    private static readonly WireHead Events = GuardedStreams.Head("text/event-stream", Path);
    private static readonly WireHead Items = GuardedStreams.Head("application/json", Path);

    [TestCase("", 12, 29, null)]
    [TestCase(""","thoughtsTokenCount":5""", 17, 29, 5)]
    public async Task Usage_EveryEventTellsMore_IsThatOfTheLast(string more, int output, int total, int? reasoning)
    {
        string[] events = [.. Enumerable.Range(0, 9).Select(static n => Event($"word {n} ", 2 * n, 7 + n)), Event("end.", 12, 29, more)];
        foreach (var atOnce in (int[])[1, 3, 10])
        {
            await using var app = new GuardedStreams(StreamLawTests.Masking);
            await using var call = app.Begin();
            using var guard = await app.OpenAsync(call, Events);
            foreach (var read in events.Chunk(atOnce))
            {
                await guard.FeedAsync(Encoding.UTF8.GetBytes(string.Concat(read)));
            }

            Assert.That(guard.Usage, Is.EqualTo(new TokenUsage(4, output, total, null, reasoning)), $"{atOnce} at once");
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Usage_EventsOfTwoShapesInTurns_IsWhatEachToldLast(bool endsWithCache)
    {
        string[] events =
        [
            .. Enumerable.Range(0, 12).Select(n =>
                Event("w ", n, 4 + n, n % 2 == (endsWithCache ? 1 : 0) ? ",\"cachedContentTokenCount\":" + (10 + n) : "")),
        ];
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, Events);
        await guard.FeedAsync(Encoding.UTF8.GetBytes(string.Concat(events)));
        Assert.That(guard.Usage, Is.EqualTo(new TokenUsage(4, 11, 15, endsWithCache ? 21 : 20, null)));
    }

    [TestCase("1.5")]
    [TestCase("-1")]
    [TestCase("007")]
    [TestCase("\"ask ann@example.com\"")]
    [TestCase("{\"note\":\"ask ann@example.com\"}")]
    [TestCase("1234567890123456789")]
    public async Task StreamAsync_OddFigure_LeavesAsIfReadInFull(string odd)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        string[] events = [.. Enumerable.Range(0, 4).Select(static n => Event($"word {n} ", n, n)), Event("odd ", odd, "1"),
            .. Enumerable.Range(0, 4).Select(static n => Event("at ann@example.com ", n, n))];
        var stream = Encoding.UTF8.GetBytes(string.Concat(events));
        var whole = await app.HeldAsync(stream, Events);
        foreach (var cuts in (IEnumerable<int>[])[[], [stream.Length / 2], Enumerable.Range(1, stream.Length - 1)])
        {
            var streamed = await app.StreamAsync(stream, Events, cuts);
            Assert.That(streamed.Refusal is null, Is.EqualTo(whole is not null));
            Assert.That(whole is null || streamed.Text == Encoding.UTF8.GetString(whole), Is.True, streamed.Text);
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task FeedAsync_EventsThatTellUsage_TakeNoMemoryEach(bool areItems)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, areItems ? Items : Events, areItems ? StreamForm.Array : null);
        byte[][] events =
            [.. Enumerable.Range(0, 40).Select(n =>
            Encoding.UTF8.GetBytes(areItems ? "," + Json($"word {n} ", n, 90 + n, "") : Event($"word {n} ", n, 90 + n)))];
        await guard.FeedAsync(areItems ? Encoding.UTF8.GetBytes("[" + Json("a ", 0, 0, "")) : events[0]);
        var output = new byte[64 * 1024];
        var least = LeastAllocated.By(async () =>
        {
            foreach (var next in events)
            {
                await guard.FeedAsync(next);
                guard.Output.Take(output);
            }
        }, 40 * 32);
        Assert.That(least, Is.LessThanOrEqualTo(40 * 32), "a reader would take kilobytes for each of forty events");
        Assert.That(guard.Usage?.Total, Is.EqualTo(129));
    }

    private static string Event(string text, object candidates, object total, string more = "") => "data: " + Json(text, candidates, total, more)
        + "\r\n\r\n";

    private static string Json(string text, object candidates, object total, string more) =>
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text
            + "\"}],\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":4,\"candidatesTokenCount\":" + candidates
        + ",\"totalTokenCount\":" + total + more
            + ",\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":4}]},\"modelVersion\":\"gemini-pro\",\"responseId\":\"r\"}";
}
