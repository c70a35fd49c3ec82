using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Tests.Streams.Laws;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Http.Tests.Streams.Shapes;

/// <summary>
/// Providers pad streamed events with letters of no meaning. Such events share a shape although each has letters of its own; these are judged all the
/// same, as texts that stand alone.
/// </summary>
internal sealed class PaddedEventTests
{
    private const string Stop = """{ "name": "stop_word" }""";

    private static readonly string[] Odd =
        ["", "a\\\"b", "\\u0061nn@example.com", "ann@example.com", "äöü", "4111 1111 1111 1111", new('x', 300), "x\",\"y\":\"Bluebird"];

    [TestCase(true)]
    [TestCase(false)]
    public async Task StreamAsync_WordInPadding_IsBlockedBeforeItsEvent(bool isPure)
    {
        await using var app = new GuardedStreams(Stop, null, "", new StopWordPlugin { IsPure = isPure });
        var before = string.Concat(Enumerable.Range(0, 9).Select(static n => Chat("word ", "pad" + n)));
        var stream = Encoding.UTF8.GetBytes(before + Chat("more ", "xforbiddenx") + Chat("never ", "pad"));
        var head = GuardedStreams.Head("text/event-stream");
        Assert.That(await app.HeldAsync(stream, head), Is.Null);
        foreach (var cuts in (IEnumerable<int>[])[[], [before.Length], [before.Length - 3, before.Length + 9],
            Enumerable.Range(1, stream.Length - 1)])
        {
            var streamed = await app.StreamAsync(stream, head, cuts);
            Assert.That(streamed.Refusal, Is.Not.Null);
            Assert.That(streamed.Text, Does.StartWith(before).And.Not.Contain("forbidden").And.Not.Contain("never"));
        }
    }

    [Test]
    public async Task FeedAsync_PaddedEvents_JudgeEachPaddingAlone()
    {
        var plugin = new StopWordPlugin { IsPure = true };
        await using var app = new GuardedStreams(Stop, null, "", plugin);
        var events = string.Concat(Enumerable.Range(0, 20).Select(static n => Chat("w ", "forb" + n) + Chat("w ", "idden" + n)));
        var streamed = await app.StreamAsync(Encoding.UTF8.GetBytes(events), GuardedStreams.Head("text/event-stream"), []);
        Assert.That(streamed.Refusal, Is.Null, "paddings of two events are not one text");
        Assert.That(streamed.Text, Is.EqualTo(events));
        Assert.That(plugin.Begun, Is.GreaterThan(36), "most events are not read in full, and none of their paddings is passed over");
    }

    [TestCaseSource(nameof(Odd))]
    public async Task StreamAsync_OddPadding_IsReadAsEver(string odd)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var plain = string.Concat(Enumerable.Range(0, 4).Select(static n => Chat("word ", "Zk3" + n)));
        var stream = Encoding.UTF8.GetBytes(plain + Chat("at ann@example.com ", odd) + plain);
        await AssertSameAsync(app, stream, [[], [stream.Length / 2], Enumerable.Range(1, stream.Length - 1)]);
    }

    [Test]
    public void StreamAsync_AnyPaddings_ObeyTheLaws()
    {
        var paddings = Gen.Frequency((6, Letters), (1, Gen.Elements(Odd))).ListOf();
        Prop.ForAll(Gen.Zip(GeneratedRules.Cases, paddings).ToArbitrary(), static pair =>
        {
            var (rules, pads) = pair;
            var stream =
                Encoding.UTF8.GetBytes(string.Concat(rules.Pieces.Select((piece, n) => Chat(Json(piece), n < pads.Count ? pads[n] : "Qx" + n))));
            RunAsync(rules, stream).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedRules.Count).WithReplay(20_262, 17));

        static async Task RunAsync(GeneratedRules rules, byte[] stream)
        {
            await using var app = new GuardedStreams(rules.Policy(withBlocks: false));
            await AssertSameAsync(app, stream, rules.Ways(stream.Length));
        }
    }

    [TestCase(1, true)]
    [TestCase(8, true)]
    [TestCase(1, false)]
    [TestCase(8, false)]
    public async Task FeedAsync_PaddedEvents_TakeNoMemoryEach(int eventsAtOnce, bool isChat)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream", isChat ? "/v1/chat/completions" : "/v1/responses"));
        var random = new Random(7);
        var reads = Enumerable.Range(0, 40)
            .Select(n =>
                (Text: "word " + n, Padding: string.Concat(Enumerable.Range(0, 1 + random.Next(15)).Select(_ => (char)('a' + random.Next(26))))))
            .Select(e => isChat ? Chat(e.Text, e.Padding) : Delta(e.Text, e.Padding)).Chunk(eventsAtOnce).Select(static c =>
                Encoding.UTF8.GetBytes(string.Concat(c))).ToArray();
        var output = new byte[64 * 1024];
        var least = LeastAllocated.By(async () =>
        {
            foreach (var read in reads)
            {
                await guard.FeedAsync(read);
                guard.Output.Take(output);
            }
        }, 40 * 32);
        Assert.That(least, Is.LessThanOrEqualTo(40 * 32), "a reader would take kilobytes for each of forty events");
    }

    private static Gen<string> Letters =>
        Gen.Choose(0, 16).SelectMany(static n => Gen.Elements("abcXYZ019".ToCharArray()).ListOf(n)).Select(static l => string.Concat(l));

    private static async Task AssertSameAsync(GuardedStreams app, byte[] stream, IEnumerable<IEnumerable<int>> ways)
    {
        var head = GuardedStreams.Head("text/event-stream");
        var whole = await app.HeldAsync(stream, head);
        foreach (var cuts in ways)
        {
            var streamed = await app.StreamAsync(stream, head, cuts);
            Assert.That(streamed.Refusal is null, Is.EqualTo(whole is not null));
            Assert.That(whole is null || streamed.Text == Encoding.UTF8.GetString(whole), Is.True, streamed.Text);
        }
    }

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text)[1..^1];

    private static string Chat(string text, string padding) =>
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
            + text
        + "\"},\"finish_reason\":null}],\"obfuscation\":\"" + padding + "\"}\n\n";

    private static string Delta(string text, string padding) =>
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":7,\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\""
        + text + "\",\"obfuscation\":\"" + padding + "\"}\n\n";
}
