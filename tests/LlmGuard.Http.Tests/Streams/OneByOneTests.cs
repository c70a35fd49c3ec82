using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Wire;

namespace LlmGuard.Http.Tests.Streams;

/// <summary>
/// An event that comes alone and looks like the one before it goes on where that one does. What leaves, when it leaves, the decision, what was found
/// and the usage are the same as where each is taken by itself. LLMGUARD_FUZZ is the number of generated cases.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed partial class OneByOneTests
{
    private const string Gemini = "/v1beta/models/gemini:streamGenerateContent";

    private static readonly string[] Chats = ["Chat", "Responses", "Anthropic", "Gemini"];

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
    public static async Task AssertSameAsync(GuardedStreams app, byte[] stream, WireHead head, IReadOnlyCollection<int> cuts, string how)
    {
        var shortWay = await app.StreamAsync(stream, head, cuts);
        var longWay = await app.StreamAsync(stream, head, cuts, oneByOne: false);
        Assert.That(Invented().Replace(shortWay.Text, ""), Is.EqualTo(Invented().Replace(longWay.Text, "")), how);
        Assert.That(shortWay.Lengths, Is.EqualTo(longWay.Lengths), how);
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

    [TestCaseSource(nameof(Chats))]
    public async Task FeedAsync_EventsOneByOne_TakeNoMemory(string dialect)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream", PathOf(dialect)));
        var random = new Random(11);
        var reads = Enumerable.Range(0, 97).Select(n => Encoding.UTF8.GetBytes(Event(dialect, n % 7 == 0 ? "wo" : " word", n, random))).ToArray();
        var output = new byte[64 * 1024];
        for (var round = 0; round < 20; round++)
        {
            var (before, waiting) = (GC.GetAllocatedBytesForCurrentThread(), 0L);
            foreach (var read in reads)
            {
                await guard.FeedAsync(read);
                guard.Output.Take(output);
                waiting = Math.Max(waiting, guard.Waiting);
            }

            Assert.That(round < 10 || GC.GetAllocatedBytesForCurrentThread() - before < 97 * 32, "a reader would take kilobytes for each");
            Assert.That(waiting, Is.LessThanOrEqualTo(3 * reads.Max(static r => r.Length)));
            Assert.That(guard.Room, Is.LessThanOrEqualTo(16 * 1024), "what left takes no room");
        }
    }

    private static async Task CheckAsync(string policy, string dialect, byte[] stream, Random random)
    {
        await using var app = new GuardedStreams(policy);
        var head = GuardedStreams.Head("text/event-stream", PathOf(dialect));
        var ends = Ends(stream);
        await AssertSameAsync(app, stream, head, ends, "event by event");
        await AssertSameAsync(app, stream, head, [.. ends.Where(_ => random.Next(3) > 0)], "some at once");
        await AssertSameAsync(app, stream, head, [.. ends.Select(end => random.Next(5) == 0 ? end - random.Next(1, 4) : end).Where(static cut => cut > 0).Order()], "some cut");
        await AssertSameAsync(app, stream, head, [.. ends.Append(random.Next(stream.Length)).Append(random.Next(stream.Length)).Order()], "cut twice");
    }

    private static string Told(Streamed streamed) => streamed.Decision + " " + streamed.Refusal?.Code + " " + streamed.Usage + " "
        + string.Join(' ', streamed.Decision.Results.Select(static r => r.Outcome + ":" + string.Join(',', r.Findings)));

    // An ending names an answer that has not begun.
    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Invented();

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
        var padding = random.Next(2) == 0 ? "" : ",\"obfuscation\":\"" + Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()))[random.Next(14)..] + "\"";
        return dialect switch
        {
            "Chat" => "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":" + json
                + "},\"finish_reason\":null}]" + padding + "}\n\n",
            "Responses" => "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":" + n
                + ",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":" + json + padding + "}\n\n",
            "Anthropic" => "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + json + "}}\n\n",
            _ => "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":" + json + "}],\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":"
                + n + "}}\n\n",
        };
    }
}
