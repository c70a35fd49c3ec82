using System.Text;
using System.Text.Json;
using LlmGuard.Http.Tests.Streams.Laws;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Tests.Streams.Framing;

/// <summary>Gemini's streams without <c>alt=sse</c>: one JSON array whose items are judged as they come.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ArrayStreamTests
{
    private const string Path = "/v1beta/models/gemini-pro:streamGenerateContent";

    private static readonly string[][] Texts =
    [
        ["Hi Blue", "bird, write to ann@exa", "mple.com \u2764 now", "sk-abc", "123def and \"\\"],
        ["Bluebird"],
        ["B", "l", "u", "e", "b", "i", "r", "d", " ", "B", "l", "u", "e"],
        [],
    ];

    private static IEnumerable<TestCaseData> Streams() =>
        from texts in Texts.Select(static (t, n) => (Texts: t, Number: n))
        from separator in (string[])[",\r\n", ",", "\n,\n"]
        select new TestCaseData(Array(texts.Texts, separator)).SetArgDisplayNames($"{texts.Number} by {JsonSerializer.Serialize(separator)}");

    [TestCaseSource(nameof(Streams))]
    public async Task StreamAsync_EverySingleCut_LeavesPrefixesAndEndsAsWhole(byte[] stream)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var whole = await app.HeldAsync(stream, Head);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            AssertLaws(await app.StreamAsync(stream, Head, [cut], StreamForm.Array), whole!, $"cut at {cut}");
        }

        AssertLaws(await app.StreamAsync(stream, Head, Enumerable.Range(1, stream.Length - 1), StreamForm.Array), whole!, "byte by byte");
        Assert.That(Encoding.UTF8.GetString(whole!), Does.Not.Contain("bird").And.Not.Contain("ann@").And.Not.Contain("sk-abc"));
    }

    [Test]
    public async Task StreamAsync_ItemThatBeginsNothing_LeavesWithItsLastByte()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Array(["All is well. ", "Good night. "], ",\r\n");
        var text = Encoding.UTF8.GetString(stream);
        var first = text.IndexOf(",\r\n", StringComparison.Ordinal);
        var streamed = await app.StreamAsync(stream, Head, [first - 1, first, stream.Length - 1], StreamForm.Array);
        Assert.That(streamed.Lengths, Is.EqualTo(new[] { 0, first, stream.Length - 2, stream.Length - 2 }),
            "each item leaves at once, the closing bracket at the end");
        Assert.That(streamed.Bytes, Is.EqualTo(stream));
    }

    [TestCase(0, TestName = "before anything has left")]
    [TestCase(1, TestName = "after one item")]
    [TestCase(3, TestName = "after several items")]
    public async Task StreamAsync_Block_EndsAsAnArrayThatSaysSafety(int before)
    {
        await using var app = new GuardedStreams("""{ "name": "stop_word" }""", null, "", new StopWordPlugin());
        var stream = Array([.. Enumerable.Repeat("fine. ", before), "forbidden", "more"], ",\r\n");
        for (var cut = 0; cut < stream.Length; cut++)
        {
            var streamed = await app.StreamAsync(stream, Head, [cut], StreamForm.Array);
            using var items = JsonDocument.Parse(streamed.Bytes);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(items.RootElement.GetArrayLength(), Is.EqualTo(before + 1));
                Assert.That(items.RootElement[before].GetProperty("candidates")[0].GetProperty("finishReason").GetString(), Is.EqualTo("SAFETY"));
                Assert.That(streamed.Text, Does.Not.Contain("forbidden").And.Not.Contain("more"));
                Assert.That(streamed.Refusal?.Plugin, Is.EqualTo("stop_word"));
            }
        }
    }

    [Test]
    public async Task StreamAsync_BlockAfterTheCandidatesHaveFinished_OnlyClosesTheArray()
    {
        await using var app = new GuardedStreams("""{ "name": "stop_word" }""", null, "", new StopWordPlugin());
        var stream = Encoding.UTF8.GetBytes("""[{"candidates":[{"index":0,"finishReason":"STOP"}]},{"error":{"message":"forbidden"}}]""");
        var streamed = await app.StreamAsync(stream, Head, [], StreamForm.Array);
        Assert.That(streamed.Text, Is.EqualTo("""[{"candidates":[{"index":0,"finishReason":"STOP"}]}]"""));
    }

    [TestCase("", TestName = "cut behind an item")]
    [TestCase(",", TestName = "cut behind a comma")]
    [TestCase(",{\"candidates\":[{\"ind", TestName = "cut in an item")]
    [TestCase(",{\"candidates\":[}]", TestName = "brackets that do not match")]
    [TestCase(",{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\\ud83d\"}]}}]}]", TestName = "half of a surrogate pair")]
    [TestCase("] {}", TestName = "something behind the array")]
    [TestCase("]]", TestName = "a second bracket")]
    public async Task StreamAsync_ArrayThatCannotBeRead_IsCutAsAnArray(string rest)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var start = Array(["fine. "], ",");
        start = start[..Encoding.UTF8.GetString(start).IndexOf(",{\"candidates\":[{\"content\":{\"parts\":[],", StringComparison.Ordinal)];
        byte[] stream = [.. start, .. Encoding.UTF8.GetBytes(rest)];
        var streamed = await app.StreamAsync(stream, Head, Enumerable.Range(1, stream.Length - 1), StreamForm.Array);
        using var items = JsonDocument.Parse(streamed.Bytes);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(streamed.Refusal?.Code, Is.EqualTo(RefusalCodes.OutputUninspectable));
            Assert.That(items.RootElement.GetArrayLength(), Is.EqualTo(2));
            Assert.That(streamed.Text, Does.Contain("fine. ").And.Contain("SAFETY"));
            Assert.That(await app.HeldAsync(stream, Head), Is.Null, "as when it is judged whole");
        }
    }

    [Test]
    public async Task StreamAsync_ItemBeyondTheLimit_IsCut()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking, null, """ "limits": { "max_body_bytes": 20000 }, """);
        var stream = Array(["fine. ", new string('y', 30_000)], ",");
        var streamed = await app.StreamAsync(stream, Head, Enumerable.Range(1, 30).Select(static n => n * 1000), StreamForm.Array);
        using var items = JsonDocument.Parse(streamed.Bytes);
        Assert.That(streamed.Refusal?.Reason, Is.EqualTo(FailureReasons.LimitExceeded));
        Assert.That(streamed.Text, Does.Contain("fine. ").And.Not.Contain("yyy"));
    }

    [Test]
    public async Task StreamAsync_LongArray_KeepsMemoryBounded()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Array([.. Enumerable.Range(0, 5_000).Select(static n => n % 5 == 0 ? " word " : "a")], ",\r\n");
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, Head, StreamForm.Array);
        var chunk = new byte[64 * 1024];
        long left = 0, most = 0;
        for (var at = 0; at < stream.Length; at += 4096)
        {
            await guard.FeedAsync(stream.AsMemory(at, Math.Min(4096, stream.Length - at)));
            most = Math.Max(most, app.Budget.Held);
            left += guard.Output.Take(chunk);
        }

        await guard.EndAsync();
        Assert.That(left + guard.Output.Take(chunk), Is.EqualTo(stream.Length));
        Assert.That(most, Is.LessThanOrEqualTo(128 * 1024));
    }

    private static LlmGuard.Http.Wire.WireHead Head => GuardedStreams.Head("application/json", Path) with { IsStreaming = true };

    private static byte[] Array(string[] texts, string separator) => Encoding.UTF8.GetBytes("[" + string.Join(separator, texts
        .Select(static t => $$"""{"candidates":[{"content":{"parts":[{"text":{{JsonSerializer.Serialize(t)}}}],"role":"model"},"index":0}],"modelVersion":"g","responseId":"r"}""")
        .Append("""{"candidates":[{"content":{"parts":[],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1,"totalTokenCount":3}}""")) + "\n]");

    private static void AssertLaws(Streamed streamed, byte[] whole, string how)
    {
        Assert.That(streamed.Refusal, Is.Null, how);
        Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole)), how);
        Assert.That(streamed.Lengths.TrueForAll(length => streamed.Bytes.AsSpan(0, length).SequenceEqual(whole.AsSpan(0, length))), how);
    }
}
