using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// An event that comes alone and looks like the one before it goes on where that one does. What leaves, when it leaves, the decision, what was found
/// and the usage are the same as where each is taken by itself.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed partial class OneByOneTests
{
    private const string Gemini = "/v1beta/models/gemini:streamGenerateContent";

    private static readonly string[] Chats = ["Chat", "Responses", "Anthropic", "Gemini"];

    private const string Blocks = """{ "name": "data_masking", "stage": "pre_response", "settings": { "rules": [ { "pattern": "Stopword", "type": "keyword", "mask_with": "*", "action": "block" }, { "pattern": "<<[a-z ]*>>", "type": "regex", "mask_with": "[X]" } ] } }""";

    private static readonly string[] Words = [Chat("one "), Chat("two. "), Chat("three"), Chat(" four. ")];

    private static readonly string[] Between =
    [
        ": ping\n\n", ":\n", "\r\n", "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other card 4111 \"},\"finish_reason\":null}]}\n\n",
        "event: ping\ndata: {\"type\":\"ping\"}\n\n", "data: {\"error\":\"x ann@example.com\"}\n\n", "\n",
    ];

    /// <summary>The ends of a stream's events.</summary>
    public static List<int> Ends(ReadOnlySpan<byte> stream)
    {
        var ends = new List<int>();
        for (var at = 2; at <= stream.Length; at++)
        {
            if (stream[at - 1] == '\n' && (stream[at - 2] == '\n' || (at > 3 && stream[(at - 4)..at].SequenceEqual("\r\n\r\n"u8))))
            {
                ends.Add(at);
            }
        }

        return ends;
    }

    /// <summary>What is to be the same of a stream whichever way its events take.</summary>
    public static async Task AssertSameAsync(
        GuardedStreams app, byte[] stream, WireHead head, IReadOnlyCollection<int> cuts, string how, StreamForm? told = null)
    {
        var shortWay = await app.StreamAsync(stream, head, cuts, told);
        var longWay = await app.StreamAsync(stream, head, cuts, told, oneByOne: false);
        Assert.That(Left(shortWay), Is.EqualTo(Left(longWay)), how);
        Assert.That(shortWay.Lengths, Is.EqualTo(longWay.Lengths), how);
        Assert.That(shortWay.Waits, Is.EqualTo(longWay.Waits), how);
        Assert.That(Told(shortWay), Is.EqualTo(Told(longWay)), how);
    }

    [TestCaseSource(nameof(Chats))]
    public void StreamAsync_EventByEvent_IsTheSameTheShortWay(string dialect) =>
        Prop.ForAll(Gen.Zip(GeneratedRules.Cases, Gen.Choose(0, 1 << 30)).ToArbitrary(), pair =>
        {
            var (rules, seed) = pair;
            var random = new Random(seed);
            var stream = new StringBuilder();
            var number = 0;
            foreach (var piece in rules.Pieces.Concat(rules.Pieces).Concat(["one ", "two", " three"]))
            {
                stream.Append(Event(dialect, piece, ++number, random));
                stream.Append(random.Next(12) == 0 ? Between[random.Next(Between.Length)] : "");
            }

            CheckAsync(rules.Policy(withBlocks: true), dialect, Encoding.UTF8.GetBytes(stream.ToString()), random).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedRules.Count).WithReplay(20_261, 123));

    private static IEnumerable<TestCaseData> Edges()
    {
        foreach (var part in (string[])[":", ": x\n:", "event: x\n", "id: 1\n", "data: {}\n", "data: ", "\r", "\n\r"])
        {
            yield return Of("behind " + part.Replace("\n", "LF", StringComparison.Ordinal).Replace("\r", "CR", StringComparison.Ordinal), "Chat",
                [.. Words, part, Chat("ann@exam"), Chat("ple.com "), .. Words]);
        }

        var returns = Words.Select(static w => w.Replace('\n', '\r')).ToArray();
        yield return Of("ends with CR", "Chat", [.. returns, .. returns, "\n", .. returns, "\n", .. Words]);
        yield return Of("CR, then LF", "Chat", [.. returns.Concat(returns).SelectMany(static w => (string[])[w, "\n"])]);
        yield return Of("padding that says something", "Chat",
            [.. Words.Select(static (w, n) => Padded(w, "aB" + n)), Padded(Chat("more. "), "ann@example.com"),
                .. Words.Select(static w => Padded(w, "x"))]);
        yield return Of("thoughts go on", "Chat",
            [Thought("It is. "), Thought("a. "), Thought("Blue"), Chat("Hello. "), Thought("bird"), Thought(" flew. "), Chat("more. "),
                Chat("more. ")]);
        yield return Of("thoughts over", "Chat",
            [Chat("Hm. "), Chat("So. "), Thought("It is. "), Thought("a Blue"), Chat("bird. "), Chat("Hello. "), Chat("more. ")]);
        yield return Of("part goes on", "Responses",
            [.. Said("One. ", "a Blue"), Done(0), .. Said("bird. ", "Two. ", "ann@exam", "ple.com "), Done(0)]);
        yield return Of("part of several goes on", "Responses",
            [Said("One. ", 0), Said("Two. ", 1), Said("a. ", 0), Said("b Blue", 0), Done(0), Said("bird. ", 0), Said("c. ", 0), Done(0), Done(1)]);
        yield return Of("parts take turns", "Responses",
            [Said("One. ", 0), Said("Blue", 0), Said("bird. ", 1), Said("Two. ", 1), Said("Blue", 1), Said("bird. ", 0), Said("Three. ", 0),
                Said("end. ", 0), Done(0), Done(1)]);
        yield return Of("long run", "Chat", [.. Enumerable.Range(0, 120).Select(static n => Chat(n % 3 == 0 ? " ann@example.com" : " word"))]);
        yield return Of("more waits than may", "Chat", [.. Words, Chat("<<"), .. Enumerable.Repeat(Chat("abcdefgh "), 150), Chat(">> "), .. Words]);
        yield return Of("what waits is moved", "Chat",
            [.. Words, Chat("ann@exam"), .. Enumerable.Repeat(": " + new string('x', 5_000) + "\n", 15), Chat("ple.com "), .. Words]);
        yield return Of("too many shapes", "Chat",
            [.. Words, .. Enumerable.Range(0, 6).SelectMany(static n => (string[])[Chat("a. ", n), Chat("ann@exam", n), Chat("ple.com ", n)]),
                .. Words]);
        yield return Of("blocked", "Chat", [.. Words, Chat("Blue"), Chat("jay or "), Chat("Stop"), Chat("word "), .. Words]);

        static TestCaseData Of(string name, string dialect, string[] reads) => new TestCaseData(dialect, reads).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Edges))]
    public async Task StreamAsync_WhereOneThingMeetsAnother_IsTheSameTheShortWay(string dialect, string[] reads)
    {
        var cuts = new List<int>();
        foreach (var read in reads)
        {
            cuts.Add((cuts.Count > 0 ? cuts[^1] : 0) + Encoding.UTF8.GetByteCount(read));
        }

        var stream = Encoding.UTF8.GetBytes(string.Concat(reads));
        foreach (var limits in (string[])["", "\"limits\": { \"max_body_bytes\": 1500 },", "\"limits\": { \"max_held_bytes\": 1024 },"])
        {
            await using var app = new GuardedStreams(StreamLawTests.Masking + "," + Blocks, null, limits);
            await AssertSameAsync(app, stream, GuardedStreams.Head("text/event-stream", PathOf(dialect)), cuts, limits);
        }
    }

    [TestCaseSource(nameof(Chats))]
    public async Task FeedAsync_EventsOneByOne_TakeNoMemory(string dialect)
    {
        const int Each = 32;
        var random = new Random(11);
        var reads = Enumerable.Range(0, 97).Select(n => Encoding.UTF8.GetBytes(Event(dialect, n % 7 == 0 ? "wo" : " word", n, random))).ToArray();

        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream", PathOf(dialect)));
        var output = new byte[64 * 1024];
        var (waiting, room) = (0L, 0L);
        var least = LeastAllocated.By(async () =>
        {
            foreach (var read in reads)
            {
                await guard.FeedAsync(read);
                guard.Output.Take(output);
                waiting = Math.Max(waiting, guard.Waiting);
            }

            room = Math.Max(room, guard.Room);
        }, Each * reads.Length);
        Assert.That(least, Is.LessThanOrEqualTo(Each * reads.Length), "a reader would take kilobytes for each");
        Assert.That(waiting, Is.LessThanOrEqualTo(3 * reads.Max(static r => r.Length)));
        Assert.That(room, Is.LessThanOrEqualTo(16 * 1024), "what left takes no room");
    }

    private static async Task CheckAsync(string policy, string dialect, byte[] stream, Random random)
    {
        await using var app = new GuardedStreams(policy);
        var head = GuardedStreams.Head("text/event-stream", PathOf(dialect));
        var ends = Ends(stream);
        await AssertSameAsync(app, stream, head, ends, "event by event");
        await AssertSameAsync(app, stream, head, [.. ends.Where(_ => random.Next(3) > 0)], "some at once");
        await AssertSameAsync(app, stream, head,
            [.. ends.Select(end => random.Next(5) == 0 ? end - random.Next(1, 4) : end).Where(static cut => cut > 0).Order()], "some cut");
        await AssertSameAsync(app, stream, head, [.. ends.Append(random.Next(stream.Length)).Append(random.Next(stream.Length)).Order()],
            "cut twice");
    }

    /// <summary>What left, byte for byte but for the name of an answer that had none yet where it ended.</summary>
    public static string Left(Streamed streamed) => Invented().Replace(Encoding.Latin1.GetString(streamed.Bytes), "");

    private static string Told(Streamed streamed) => streamed.Decision + " " + streamed.Refusal?.Code + " " + streamed.Usage + " "
        + string.Join(' ', streamed.Decision.Results.Select(static r => r.Outcome + ":" + string.Join(',', r.Findings)));

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Invented();

    private static string Chat(string text, int choice = 0) =>
        "data: {\"choices\":[{\"index\":" + choice.ToString(CultureInfo.InvariantCulture) + ",\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";

    private static string Padded(string chat, string padding) =>
        chat.Replace("]}\n", "],\"obfuscation\":\"" + padding + "\"}\n", StringComparison.Ordinal);

    private static string Thought(string text) => "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"" + text + "\"}}]}\n\n";

    private static string[] Said(params string[] texts) => [.. texts.Select(static text => Said(text, 0))];

    private static string Said(string text, int part) =>
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"m\","
        + "\"output_index\":0,\"content_index\":" + part.ToString(CultureInfo.InvariantCulture) + ",\"delta\":\"" + text + "\"}\n\n";

    private static string Done(int part) => "event: response.output_text.done\ndata: {\"type\":\"response.output_text.done\",\"item_id\":\"m\","
        + "\"output_index\":0,\"content_index\":" + part.ToString(CultureInfo.InvariantCulture) + ",\"text\":\"\"}\n\n";

    private static string PathOf(string dialect) => dialect switch
    {
        "Chat" => "/v1/chat/completions",
        "Responses" => "/v1/responses",
        "Anthropic" => "/v1/messages",
        _ => Gemini,
    };

    private static string Event(string dialect, string text, int number, Random random)
    {
        var json = System.Text.Json.JsonSerializer.Serialize(text);
        var n = number.ToString(CultureInfo.InvariantCulture);
        var padding = random.Next(2) == 0 ? "" : ",\"obfuscation\":\""
            + Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()))[random.Next(14)..] + "\"";
        return dialect switch
        {
            "Chat" => "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":" + json
                + "},\"finish_reason\":null}]" + padding + "}\n\n",
            "Responses" => "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":" + n
                + ",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":" + json + padding + "}\n\n",
            "Anthropic" =>
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + json
                + "}}\n\n",
            _ => "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":" + json
                + "}],\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":"
                + n + "}}\n\n",
        };
    }
}
