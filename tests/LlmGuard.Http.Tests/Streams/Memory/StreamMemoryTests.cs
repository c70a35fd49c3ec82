using System.Text;
using System.Text.RegularExpressions;
using LlmGuard.Http.Tests.Streams.Laws;
using LlmGuard.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Streams.Memory;

/// <summary>
/// What a guarded stream holds does not grow with its length: counted in the room it takes of the process, not in the collector's time.
/// </summary>
[CancelAfter(600_000)]
internal sealed class StreamMemoryTests
{
    private const string Judge = """{ "name": "judge", "streaming": { "head_chars": 20, "min_chars": 40, "max_window_chars": 4096 } }""";
    private const int Megabyte = 1024 * 1024;

    [TestCase(StreamLawTests.Masking, TestName = "Feed_TenThousandDeltasOfOneCharacter_HoldNoMoreThanTheFirstHundred_Masking")]
    [TestCase("""{ "name": "stop_word" }""", TestName = "Feed_TenThousandDeltasOfOneCharacter_HoldNoMoreThanTheFirstHundred_Block")]
    public async Task Feed_TenThousandDeltasOfOneCharacter_HoldNoMoreThanTheFirstHundred(string entries)
    {
        await using var app = new GuardedStreams(entries, null, "", new StopWordPlugin());
        var text = string.Concat(Enumerable.Range(0, 2500).Select(static n => n % 50 == 49 ? " a.b@c.de " : "word"));
        var early = 0L;
        var most =
            await PeakAsync(app, Events(text[..10_000].Select(static c => c.ToString())), (number, held, _) => early = number == 100 ? held : early);
        Assert.That(most, Is.LessThanOrEqualTo(Math.Max(early, 64 * 1024)));
        Assert.That(app.Budget.Held, Is.Zero);
    }

    [TestCase(StreamLawTests.Masking, TestName = "Feed_LongStream_HoldsOneStep_Masking")]
    [TestCase(StreamLawTests.Masking + "," + Judge, TestName = "Feed_LongStream_HoldsOneStep_MaskingAndJudge")]
    public async Task Feed_LongStream_HoldsOneStep(string entries)
    {
        await using var app = new GuardedStreams(entries, null, "", new JudgePlugin());
        var isJudged = entries.Contains("judge", StringComparison.Ordinal);
        var delta = string.Concat(Enumerable.Repeat("grey water and grey stone, ", isJudged ? 300 : 1200));
        var count = (isJudged ? 10 : 100) * Megabyte / delta.Length;
        var most = await PeakAsync(app, Events(Enumerable.Repeat(delta, count)), static (_, _, _) => { });
        Assert.That(most, Is.LessThan(256 * 1024));
        Assert.That(app.Budget.Held, Is.Zero);
    }

    private static IEnumerable<TestCaseData> Groups()
    {
        const string Cadence = """ "streaming": { "head_chars": 20, "min_chars": 400, "max_window_chars": 4096 } """;
        const string Editor = """{ "name": "judge", "parallel": true, """ + Cadence + " }";
        const string Second = """, { "name": "second", "parallel": true, """ + Cadence + " }";
        const string Reader = """, { "name": "reader", "parallel": true, """ + Cadence + " }";
        const string Stop = """, { "name": "stop_word", "parallel": true }""";
        var one = Editor + "," + Mask("one", "P S");
        yield return new TestCaseData(one).SetArgDisplayNames("a mask beside a judge that edits");
        yield return new TestCaseData(one + "," + Mask("two", "AP SW") + Second + Reader + Stop)
            .SetArgDisplayNames("two masks and a block beside three judges");
        yield return new TestCaseData(Mask("one", "P S") + "," + Mask("two", "AP SW")).SetArgDisplayNames("two masks");
        yield return new TestCaseData(Mask("first", "AP SW").Replace("\"parallel\": true", "\"priority\": 1", StringComparison.Ordinal) + "," + one
            + Reader)
            .SetArgDisplayNames("masks in turn, the second beside judges");

        static string Mask(string id, string word) =>
            $$"""{ "name": "data_masking", "id": "{{id}}", "stage": "pre_response", "parallel": true, "settings": { "rules": [ { "pattern": "{{word}}", "type": "keyword", "mask_with": "*" } ] } }""";
    }

    [TestCaseSource(nameof(Groups))]
    public async Task Feed_EditsThatCrossTheEndOfEveryEvent_HoldNoMoreInTheEndThanAtFirst(string entries)
    {
        await using var app = new GuardedStreams(
            entries, null, "\"limits\": { \"max_findings\": 10000000 },", Editing("judge", "SWAP"), Editing("second", "AP"),
                new JudgePlugin("reader", rewrites: false), new StopWordPlugin());
        var early = 0L;
        await PeakAsync(app, Events(Enumerable.Repeat("SWAP ", 3000)), (number, _, waiting) =>
        {
            // At once, and not at the end: what holds more with every event also takes longer for every one, so that there would be no end.
            early = number <= 1000 ? Math.Max(early, waiting) : early;
            Assert.That(waiting, Is.LessThanOrEqualTo(early), $"event {number} holds no more than the first 1,000");
            Assert.That(waiting, Is.LessThan(512 * 1024),
                "events of 150 bytes, of which 4096 characters are shown at once and as many are kept or wait");
        });
        Assert.That(app.Budget.Held, Is.Zero);
    }

    [Test]
    public async Task Feed_OneEventOfFiveMegabytes_HoldsAFewTimesThatAndGivesItBack()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var text = string.Concat(Enumerable.Repeat("write to ann@example.com, " + new string('x', 2000) + " ", 5 * Megabyte / 2027));
        var stream = SampleStreams.Chat(text);
        var head = GuardedStreams.Head("text/event-stream");
        var streamed = await app.StreamAsync(stream, head, Enumerable.Range(1, (stream.Length - 1) / 16384).Select(static n => n * 16384));
        var whole = await app.HeldAsync(stream, head);
        Assert.That(streamed.Refusal, Is.Null);
        Assert.That(streamed.Bytes.AsSpan().SequenceEqual(whole));
        Assert.That(app.Budget.Held, Is.Zero);
    }

    [Test]
    public async Task Read_FiveIdleMinutesWithKeepAlives_PassesThemAndHoldsTheTextThatWaits()
    {
        var time = new ManualTime();
        await using var app = new GuardedStreams(StreamLawTests.Masking, services => services.AddSingleton<TimeProvider>(time));
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(Events(["one ", "card 4111 1111"]).First());
        Assert.That(await run.ReadAsync(), Does.Contain("one "));
        run.Upstream.Send(Events(["card 4111 1111"]).First());
        for (var second = 0; second < 300; second += 15)
        {
            run.Upstream.Send(": keep-alive\n\n");
            Assert.That(await run.ReadAsync(), Does.StartWith(": keep-alive\n"), "it does not wait for the number");
            time.Advance(TimeSpan.FromSeconds(15));
        }

        run.Upstream.Send(Encoding.UTF8.GetString(SampleStreams.Chat(" 1111 1111")));
        run.Upstream.End();
        Assert.That(await run.ReadToEndAsync(), Does.Contain("card ").And.Not.Contain("4111"));
        Assert.That(run.Stream.Ending, Is.EqualTo(CallEnding.Completed));
    }

    [Test]
    public async Task Read_StreamWithoutText_PassesByteForByte([Values(StreamLawTests.Masking, Judge)] string entries)
    {
        await using var app = new GuardedStreams(entries, null, "", new JudgePlugin());
        await using var run = await GuardedRun.BeginAsync(app);
        var stream = SampleStreams.Chat();
        run.Upstream.Send(": connected\n\n");
        run.Upstream.Send(stream);
        run.Upstream.End();
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        Assert.That(await run.ReadToEndAsync(), Is.EqualTo(": connected\n\n" + Encoding.UTF8.GetString(stream)));
    }

    private static async Task<long> PeakAsync(GuardedStreams app, IEnumerable<string> events, Action<int, long, long> watch)
    {
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream"));
        var most = 0L;
        var number = 0;
        var taken = new byte[256 * 1024];
        foreach (var sent in events)
        {
            await guard.FeedAsync(Encoding.UTF8.GetBytes(sent));
            while (guard.Gates.FirstOrDefault(static gate => gate.DueIn(hasEnded: false) == TimeSpan.Zero) is { } gate)
            {
                await guard.TakeVerdictsAsync(gate, await (gate.Ask(default) ?? Task.FromResult<List<LlmGuard.Execution.StageRun>>([])));
            }

            while (guard.Output.Take(taken) > 0)
            {
            }

            most = Math.Max(most, app.Budget.Held);
            watch(++number, app.Budget.Held, guard.Waiting);
        }

        Assert.That(guard.IsFinished, Is.False, "nothing was refused");
        return most;
    }

    private static JudgePlugin Editing(string name, string word) => new(name)
    {
        Verdict = call => ValueTask.FromResult(GuardrailVerdict.Modify([.. call.Content.SelectMany(segment => Regex.Matches(segment.Text, word)
            .Select(match => new SegmentEdit(segment.Index, segment.ToUtf8(match.Index, match.Length), Replacement.Literal("[J]"))))])),
    };

    private static IEnumerable<string> Events(IEnumerable<string> deltas) => deltas.Select(static delta =>
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
            + delta + "\"},\"finish_reason\":null}]}\n\n");
}
