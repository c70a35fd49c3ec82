using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGuard.Http.Tests.Streams.Laws;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Http.Tests.Streams.Shapes;

/// <summary>
/// Binary messages and items of an array that are read by comparing them with one before: they leave as if each had been read in full.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class FramedShapeTests
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public static readonly WireHead Messages = GuardedStreams.Head("application/vnd.amazon.eventstream", "/model/m/converse-stream");
    public static readonly WireHead Items = GuardedStreams.Head("application/json", "/v1beta/models/gemini-pro:streamGenerateContent");

    private static readonly string[] Texts =
        [
            "Hi Blue", "bird, write to ann@exa", "mple.com ❤ now", "\"and\\ \n so", "", " on", "\u007f", "Bluebird", " the ",
            "end of ann@example.com", " ", new('x', 300),
        ];

    // What stands in the place of padding, beginnings of the alphabet and others.
    private static IEnumerable<string> Fills =>
        [
            .. Enumerable.Range(0, Alphabet.Length + 1).Select(static n => Alphabet[..n]), "abd", "b", "ann@example.com", "ab\\u0063",
            Alphabet + "a", "a\u007f",
        ];

    [Test]
    public async Task StreamAsync_MessagesWithPadding_LeaveAsIfReadInFull([Values(0, 1, 2, 3)] int seed)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        byte[][] messages = [.. Fills.Select((fill, n) => Message(Texts[n % Texts.Length], ",\"p\":\"" + fill + "\""))];
        new Random(seed).Shuffle(messages);
        await AssertAsWholeAsync(app, messages, Messages, null, seed);
    }

    [Test]
    public async Task StreamAsync_MessagesOfOtherBlocksHeadersAndMembers_LeaveAsIfReadInFull([Values(0, 1, 2, 3)] int seed)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var random = new Random(seed);
        var messages = Enumerable.Range(0, 60).Select(n =>
        {
            var text = Texts[random.Next(Texts.Length)];
            return random.Next(6) switch
            {
                0 => Message(text, "", block: random.Next(2)),
                1 => Message(text, ",\"note\":\"ask ann@example.com\""),
                2 => Message(text, "", name: "contentBlockDelta2"),
                3 => Message(text, ",\"p\":7"),
                _ => Message(text, ",\"p\":\"" + Alphabet[..random.Next(20)] + "\""),
            };
        });
        await AssertAsWholeAsync(app, [.. messages], Messages, null, seed);
    }

    [Test]
    public async Task StreamAsync_ItemsOfAnArray_LeaveAsIfReadInFull([Values(0, 1, 2, 3)] int seed)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var random = new Random(seed);
        string[] before = [",", ",\r\n", "\n, "];
        var items = Enumerable.Range(0, 60).Select(n => (n == 0 ? "[" : before[random.Next(3)])
            + Item(Texts[random.Next(Texts.Length)], random.Next(4) == 0));
        await AssertAsWholeAsync(app, [.. items.Append("\n]").Select(Encoding.UTF8.GetBytes)], Items, StreamForm.Array, seed);
    }

    [Test]
    public async Task StreamAsync_MessageOfTheShapeWithAWrongChecksum_StopsTheAnswer([Values(4, 20, -20, -1)] int at)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        byte[][] messages = [.. Enumerable.Range(0, 6).Select(static n => Message($"word {n}. ", ""))];
        messages[4][at < 0 ? messages[4].Length + at : at] ^= 1;
        var streamed = await app.StreamAsync([.. messages.SelectMany(static m => m)], Messages, []);
        Assert.That(streamed.Refusal, Is.Not.Null);
        Assert.That(streamed.Text, Does.Contain("word 2").And.Not.Contain("word 4").And.Not.Contain("word 5"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task FeedAsync_EventsOfAShape_TakeNoMemoryEach(bool areMessages)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, areMessages ? Messages : Items, areMessages ? null : StreamForm.Array);
        await guard.FeedAsync(areMessages ? Message("a ", "") : Encoding.UTF8.GetBytes("[" + Item("a ", false)));
        byte[][] events = [.. Enumerable.Range(0, 40).Select(n =>
            areMessages ? Message($"word {n} ", ",\"p\":\"" + Alphabet[..n] + "\"") : Encoding.UTF8.GetBytes("," + Item($"word {n} ", false)))];
        var output = new byte[64 * 1024];
        var (fed, left) = (0L, 0L);
        var least = LeastAllocated.By(async () =>
        {
            foreach (var next in events)
            {
                await guard.FeedAsync(next);
                fed += next.Length;
                left += guard.Output.Take(output);
            }
        }, 40 * 32);
        Assert.That(least, Is.LessThanOrEqualTo(40 * 32), "a reader would take kilobytes for each of forty events");
        Assert.That(left, Is.GreaterThan(fed * 9 / 10), "nearly all of it has left");
    }

    private static async Task AssertAsWholeAsync(GuardedStreams app, byte[][] events, WireHead head, StreamForm? told, int seed)
    {
        byte[] stream = [.. events.SelectMany(static e => e)];
        var whole = await app.HeldAsync(stream, head);
        var random = new Random(seed);
        var ends = new List<int>();
        foreach (var next in events)
        {
            ends.Add((ends.Count == 0 ? 0 : ends[^1]) + next.Length);
        }

        foreach (var cuts in (IEnumerable<int>[])
        [
            [], ends, ends.Select(end => end - random.Next(3)), Enumerable.Range(0, 30).Select(_ => random.Next(stream.Length)).Order(),
        ])
        {
            var streamed = await app.StreamAsync(stream, head, [.. cuts], told);
            Assert.That(streamed.Refusal, Is.Null);
            Assert.That(streamed.Bytes, Is.EqualTo(whole));
        }
    }

    /// <summary>A message of ConverseStream.</summary>
    public static byte[] Message(string text, string more, int block = 0, string name = "contentBlockDelta")
    {
        var message = new ArrayBufferWriter<byte>();
        AmazonEventWriter.WriteEvent(message, name, Encoding.UTF8.GetBytes(
            "{\"contentBlockIndex\":" + block + ",\"delta\":{\"text\":" + JsonSerializer.Serialize(text) + "}" + more + "}"));
        return message.WrittenSpan.ToArray();
    }

    /// <summary>An item of Gemini's array.</summary>
    public static string Item(string text, bool hasMore) =>
        "{ \"candidates\": [{ \"content\": { \"parts\": [{ \"text\": " + JsonSerializer.Serialize(text) + " }], \"role\": \"model\" }"
        + (hasMore ? ", \"finishMessage\": \"ask ann@example.com\"" : "") + " }] }";
}
