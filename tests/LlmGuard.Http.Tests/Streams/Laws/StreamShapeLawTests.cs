using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// The laws of streams where an answer is more than one text: several choices that take turns, arguments of a tool call, parts of which later
/// events send copies; and where judges of whole text stand before the rules.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class StreamShapeLawTests
{
    [Test]
    public void StreamAsync_ChoicesThatTakeTurns_ObeyTheLaws() => Check(static c =>
    {
        var random = new Random(c.Cuts.Sum());
        return ObeysAsync(c, SampleStreams.ChatOf(c.Pieces.Concat(c.Pieces).Select(p => (random.Next(3), p))));
    });

    [Test]
    public void StreamAsync_ArgumentsOfTools_ObeyTheLaws() => Check(static c =>
    {
        var arguments = JsonSerializer.Serialize(new { to = string.Concat(c.Pieces), list = c.Pieces, n = 4111 });
        var size = 1 + (c.Cuts.Sum() % 17);
        return ObeysAsync(c, SampleStreams.ChatTool(arguments.Chunk(size).Select(static p => new string(p))));
    });

    [Test]
    public void StreamAsync_PartsWithCopies_ObeyTheLaws() => Check(static async c =>
    {
        // The copies are judged by themselves too, so that a rule which looks at what stands before may find more there than in the pieces.
        var random = new Random(c.Cuts.Sum());
        var parts =
            c.Pieces.Chunk(1 + random.Next(3)).Select(static p => string.Concat(p)).Where(static p => p.Length > 0).DefaultIfEmpty("a").ToArray();
        var stream = PartCopyTests.Stream(parts, random);
        await using var app = new GuardedStreams(c.Policy(withBlocks: false));
        var head = GuardedStreams.Head("text/event-stream", "/v1/responses");
        var whole = Encoding.UTF8.GetString((await app.HeldAsync(stream, head))!);
        foreach (var cuts in c.Ways(stream.Length))
        {
            var streamed = await app.StreamAsync(stream, head, cuts);
            Assert.That(streamed.Refusal, Is.Null);
            Assert.That(Deltas(streamed.Text), Is.EqualTo(Deltas(whole)));
        }
    });

    [Test]
    public void ReadToEnd_JudgeBeforeTheRules_LeavesWhatTheWholeAnswerBecomes() => Check(static async c =>
    {
        var stream = SampleStreams.Chat(c.Pieces);
        await using var app = new GuardedStreams(
            """{ "name": "judge", "priority": 1, "streaming": { "head_chars": 5, "min_chars": 5, "max_window_chars": 256 } },"""
                + c.Policy(withBlocks: false), null, "", new JudgePlugin());
        var whole = await app.HeldAsync(stream, GuardedStreams.Head("text/event-stream"));
        await using var run = await GuardedRun.BeginAsync(app);
        var start = 0;
        foreach (var cut in c.Ways(stream.Length)[1].Append(stream.Length).Where(cut => cut > 0).Distinct())
        {
            run.Upstream.Send(stream[start..cut]);
            start = cut;
        }

        run.Upstream.End();
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        Assert.That(await run.ReadToEndAsync(), Is.EqualTo(Encoding.UTF8.GetString(whole!)));
    });

    private static string[] Deltas(string stream) =>
        [.. stream.Split('\n').Where(static line => line.Contains("output_text.delta", StringComparison.Ordinal))];

    private static void Check(Func<GeneratedRules, Task> obeys) => Prop.ForAll(GeneratedRules.Cases.ToArbitrary(), c =>
    {
        obeys(c).GetAwaiter().GetResult();
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedRules.Count).WithReplay(20_261, 23));

    private static async Task ObeysAsync(GeneratedRules c, byte[] stream, string path = "/v1/chat/completions")
    {
        await using var app = new GuardedStreams(c.Policy(withBlocks: false));
        var head = GuardedStreams.Head("text/event-stream", path);
        var whole = await app.HeldAsync(stream, head);
        foreach (var cuts in c.Ways(stream.Length))
        {
            var streamed = await app.StreamAsync(stream, head, cuts);
            Assert.That(streamed.Refusal, Is.Null);
            Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole!)));
            Assert.That(streamed.Lengths.TrueForAll(length => streamed.Bytes.AsSpan(0, length).SequenceEqual(whole.AsSpan(0, length))));
        }
    }
}
