using System.Text;
using System.Text.RegularExpressions;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// Short streams of awkward spelling, cut at every one and every two places: inside letters of several bytes, escapes, surrogate pairs, field names,
/// ends of lines, comments and the byte order mark.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed partial class ShortStreamCutTests
{
    private static readonly string[] Events =
    [
        // A letter of four bytes, as it is and as a pair of escapes, on both sides of a match.
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"😀Blue\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"bird\\ud83d\\ude00\"}}]}\n\ndata: [DONE]\n\n",

        // A match that is spelled in escapes.
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\u0042lu\\u0065\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\\u0069rd\\n\\\"\\\\\"}}]}\n\n",

        // Several lines of data, between which a string may not be cut, with an id, a name and a comment among them.
        "event: message\nid: 7\ndata: {\"choices\":[{\"index\":0,\n: Bluebird\ndata:\"delta\":{\"content\":\"a Blue\"}}]}\n\ndata:{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"bird z\"}}]}\nretry: 5\n\n",

        // Two texts in turn.
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Blu\"}},{\"index\":1,\"delta\":{\"content\":\"é Bl\"}}]}\n\ndata: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"uebird\"}},{\"index\":0,\"delta\":{\"content\":\"ebird ü\"}}]}\n\n",

        // A text that is no JSON, and a last event without the empty line after it.
        "data: a Blue\n\ndata: bird 😀\n\ndata: and Bluebird",
    ];

    private static IEnumerable<TestCaseData> Streams() =>
        from stream in Events.Select(static (text, number) => (Text: text, Number: number))
        from newline in (string[])["\n", "\r\n", "\r"]
        from mark in (string[])["", "\uFEFF"]
        select new TestCaseData(Encoding.UTF8.GetBytes(mark + stream.Text.Replace("\n", newline, StringComparison.Ordinal)))
            .SetArgDisplayNames($"{stream.Number} {System.Text.Json.JsonSerializer.Serialize(newline)}{(mark.Length > 0 ? " marked" : "")}");

    [TestCaseSource(nameof(Streams))]
    public async Task StreamAsync_EveryOneAndTwoCuts_LeavesPrefixesAndEndsAsWhole(byte[] stream)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var head = GuardedStreams.Head("text/event-stream");
        var whole = (await app.HeldAsync(stream, head))!;
        Assert.That(Encoding.UTF8.GetString(whole), Does.Contain("[NAME]").And.Not.Contain("bird\""));
        for (var first = 0; first <= stream.Length; first++)
        {
            // The second cut is near the first, where it may fall into the same letter, escape or end of line, or anywhere after it.
            var seconds = Enumerable.Range(first, Math.Min(8, stream.Length - first + 1)).Concat(Every(first + 8, stream.Length, 37));
            foreach (var second in seconds)
            {
                var streamed = await app.StreamAsync(stream, head, [first, second]);
                Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole)), $"cut at {first} and {second}");
                Assert.That(streamed.Lengths.TrueForAll(length => streamed.Bytes.AsSpan(0, length).SequenceEqual(whole.AsSpan(0, length))),
                    $"cut at {first} and {second}");
            }
        }
    }

    [TestCaseSource(nameof(Streams))]
    public async Task StreamAsync_EveryCut_BlocksAtTheSamePlace(byte[] stream)
    {
        var text = Encoding.UTF8.GetString(stream).Replace("Blue", "forb", StringComparison.Ordinal).Replace("Blu", "forb", StringComparison.Ordinal)
            .Replace("\\u0042lu\\u0065", "forb", StringComparison.Ordinal).Replace("b\\u0069rd", "idden", StringComparison.Ordinal).Replace("ebird",
                "idden", StringComparison.Ordinal)
            .Replace("bird", "idden", StringComparison.Ordinal).Replace("é Bl", "é for", StringComparison.Ordinal).Replace("uidden", "bidden",
                StringComparison.Ordinal);
        stream = Encoding.UTF8.GetBytes(text.Replace(": forbidden", ": comment", StringComparison.Ordinal));
        await using var app = new GuardedStreams("""{ "name": "stop_word" }""", null, "", new StopWordPlugin());
        var head = GuardedStreams.Head("text/event-stream");
        var atOnce = await app.StreamAsync(stream, head, []);
        Assert.That(atOnce.Refusal?.Plugin, Is.EqualTo("stop_word"));
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var streamed = await app.StreamAsync(stream, head, [cut]);
            Assert.That(Nameless(streamed.Bytes), Is.EqualTo(Nameless(atOnce.Bytes)), $"cut at {cut}");
            Assert.That(streamed.Lengths.TrueForAll(length =>
                Nameless(atOnce.Bytes).StartsWith(Nameless(streamed.Bytes.AsSpan(0, length)), StringComparison.Ordinal)), $"cut at {cut}");
        }
    }

    /// <summary>The text without the call's id, which an ending of a stream without one takes for it.</summary>
    private static string Nameless(ReadOnlySpan<byte> stream) => Id().Replace(Encoding.UTF8.GetString(stream), "id");

    [GeneratedRegex("chatcmpl-[0-9a-f]{32}")]
    private static partial Regex Id();

    private static IEnumerable<int> Every(int from, int to, int step)
    {
        for (var n = from; n <= to; n += step)
        {
            yield return n;
        }
    }
}
