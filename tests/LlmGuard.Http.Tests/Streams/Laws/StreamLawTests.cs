using System.Text;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// S1 and S2: whatever left is a prefix of what the answer becomes when it is judged whole, after every piece, for every way of cutting it, and at
/// the end it is all of that. Byte for byte, which is S3 as well.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class StreamLawTests
{
    public const string Masking = """
        { "name": "data_masking", "stage": "pre_response", "settings": { "apply_all": true, "rules": [
            { "pattern": "Bluebird", "type": "keyword", "mask_with": "[NAME]" }, { "pattern": "sk-[a-z0-9]{6,12}", "type": "regex", "mask_with": "*" } ] } }
        """;

    private static readonly string[] Texts =
    [
        "Write to ann@example.com or call; the card is 4111 1111 1111 1111, right?",
        "Bluebird flies. Blue bird walks, BLUEBIRD sings. sk-abc123def \"quoted\\ ❤ 😀 Bluebird",
        "nothing here at all, only words — und Umlaute: äöü, 日本語",
    ];

    private static IEnumerable<TestCaseData> Streams()
    {
        foreach (var (text, number) in Texts.Select((t, n) => (t, n)))
        {
            foreach (var size in (int[])[1, 3, 7, 1000])
            {
                var pieces = Pieces(text, size);
                yield return new TestCaseData(SampleStreams.Chat(pieces), "text/event-stream", "/v1/chat/completions")
                    .SetArgDisplayNames($"chat {number} by {size}");
                yield return new TestCaseData(SampleStreams.Anthropic(pieces), "text/event-stream", "/v1/messages")
                    .SetArgDisplayNames($"anthropic {number} by {size}");
                yield return new TestCaseData(Unescaped(SampleStreams.Chat(pieces)), "text/event-stream", "/v1/chat/completions")
                    .SetArgDisplayNames($"chat, raw {number} by {size}");
            }

            yield return new TestCaseData(SampleStreams.ChatOf(Pieces(text, 2).Select((p, n) => (n % 3, p + text[..1])), "\r\n"), "text/event-stream",
                "/v1/chat/completions")
                .SetArgDisplayNames($"choices {number}");
            yield return new TestCaseData(SampleStreams.ChatTool(Pieces("{\"to\": \"ann@example.com\", \"text\": \"Bluebird\", \"n\": 1}", 4)),
                "text/event-stream", "/v1/chat/completions")
                .SetArgDisplayNames($"tool {number}");
        }
    }

    [TestCaseSource(nameof(Streams))]
    public async Task StreamAsync_EverySingleCut_LeavesPrefixesAndEndsAsWhole(byte[] stream, string type, string path)
    {
        await using var app = new GuardedStreams(Masking);
        var head = GuardedStreams.Head(type, path);
        var whole = await app.HeldAsync(stream, head);
        Assert.That(whole, Is.Not.Null);
        var step = Math.Max(1, stream.Length / 400);
        for (var cut = 0; cut <= stream.Length; cut += step)
        {
            var streamed = await app.StreamAsync(stream, head, [cut]);
            AssertPrefixes(streamed, whole!, $"cut at {cut}");
        }
    }

    [TestCaseSource(nameof(Streams))]
    public async Task StreamAsync_RandomCuts_LeavesPrefixesAndEndsAsWhole(byte[] stream, string type, string path)
    {
        await using var app = new GuardedStreams(Masking);
        var head = GuardedStreams.Head(type, path);
        var whole = await app.HeldAsync(stream, head);
        var random = new Random(4711);
        for (var run = 0; run < 20; run++)
        {
            var cuts = Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(stream.Length)).Order().ToArray();
            AssertPrefixes(await app.StreamAsync(stream, head, cuts), whole!, $"run {run}");
        }

        AssertPrefixes(await app.StreamAsync(stream, head, Enumerable.Range(1, stream.Length - 1)), whole!, "byte by byte");
    }

    [Test]
    public async Task StreamAsync_TailThatBeginsNothing_LeavesAtOnce()
    {
        await using var app = new GuardedStreams(Masking);
        var stream = SampleStreams.Chat("Hello. ", "The sky is grey. ", "Good night. ");
        var text = Encoding.UTF8.GetString(stream);
        var cut = text.IndexOf("Good", StringComparison.Ordinal);
        cut = text.LastIndexOf("data:", cut, StringComparison.Ordinal);
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"), [cut]);
        Assert.That(streamed.Lengths[0], Is.EqualTo(cut), "all events that have arrived have left");
    }

    private static void AssertPrefixes(Streamed streamed, byte[] whole, string how)
    {
        Assert.That(streamed.Refusal, Is.Null, how);
        Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole)), how);
        foreach (var length in streamed.Lengths)
        {
            Assert.That(streamed.Bytes.AsSpan(0, length).SequenceEqual(whole.AsSpan(0, length)), how);
        }
    }

    private static List<string> Pieces(string text, int size)
    {
        var pieces = new List<string>();
        var elements = text.EnumerateRunes().Select(r => r.ToString()).ToArray();
        for (var i = 0; i < elements.Length; i += size)
        {
            pieces.Add(string.Concat(elements.Skip(i).Take(size)));
        }

        return pieces;
    }

    /// <summary>The same with its letters as they are rather than as escapes.</summary>
    private static byte[] Unescaped(byte[] stream) =>
        Encoding.UTF8.GetBytes(System.Text.RegularExpressions.Regex.Replace(
            Encoding.UTF8.GetString(stream),
            "(\\\\u[dD][89abAB][0-9A-Fa-f]{2}\\\\u[dD][c-fC-F][0-9A-Fa-f]{2})|\\\\u(?![dD][89a-fA-F])(?!00[01]|0022|005[cC])[0-9A-Fa-f]{4}",
            m => System.Text.Json.JsonSerializer.Deserialize<string>("\"" + m.Value + "\"")!));
}
