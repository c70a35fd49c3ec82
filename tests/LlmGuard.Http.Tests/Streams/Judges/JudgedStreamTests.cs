using System.IO.Compression;
using System.Text;
using LlmGuard.Http.Streams;
using LlmGuard.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Streams.Judges;

/// <summary>Judges of whole text over streams: no byte leaves that no allowing verdict covered.</summary>
[CancelAfter(60_000)]
internal sealed class JudgedStreamTests
{
    private const string Entry = """{ "name": "judge", "streaming": { "head_chars": 20, "head_max_ms": 5000, "min_chars": 40, "max_hold_ms": 800, "max_window_chars": 256 } }""";

    [Test]
    public async Task OpenAsync_BlockInHead_RefusesBeforeAnythingLeaves()
    {
        var judge = new JudgePlugin { Verdict = static call => ValueTask.FromResult(JudgePlugin.BlockIf(call, "evil")) };
        await using var app = App(judge);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(SampleStreams.Chat("this is an evil text, is it not?"));
        var refusal = await run.Stream.OpenAsync(default);
        Assert.That(refusal?.StatusCode, Is.EqualTo(403));
        Assert.That(refusal?.Plugin, Is.EqualTo("judge"));
    }

    [Test]
    public async Task ReadAsync_BlockAfterHead_CutsBeforeTheTextAndCancelsTheUpstream()
    {
        var judge = new JudgePlugin { Verdict = static call => ValueTask.FromResult(JudgePlugin.BlockIf(call, "evil")) };
        await using var app = App(judge);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Parts("twenty harmless characters")[..2]));
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        run.Upstream.Send(SampleStreams.Chat("and forty evil characters, which nobody may ever read"));
        run.Upstream.End();
        var text = await run.ReadToEndAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("twenty harmless").And.Not.Contain("evil"));
            Assert.That(text, Does.Contain("content_filter").And.EndsWith("data: [DONE]\n\n"));
            Assert.That(run.Upstream.IsDisposed, "nobody waits for the rest");
            Assert.That(run.Stream.Ending, Is.EqualTo(CallEnding.Blocked));
        }
    }

    [Test]
    public async Task ReadAsync_LongStream_ShowsEveryCharacterInBoundedWindows()
    {
        var judge = new JudgePlugin();
        await using var app = App(judge);
        var words = Enumerable.Range(0, 200).Select(n => $"word{n} ").ToArray();
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(SampleStreams.Chat(words));
        run.Upstream.End();
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        var text = await run.ReadToEndAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Is.EqualTo(Encoding.UTF8.GetString(SampleStreams.Chat(words))), "what is allowed leaves byte for byte");
            Assert.That(judge.Seen.Max(static s => s.Length), Is.LessThanOrEqualTo(256));
            Assert.That(words, Has.All.Matches<string>(word => judge.Seen.Any(s => s.Contains(word, StringComparison.Ordinal))));
            Assert.That(judge.Seen, Has.Count.LessThan(60), "linear work");
        }
    }

    [Test]
    public async Task ReadAsync_OneTextLongerThanWindow_IsShownInOverlappingStretches()
    {
        var judge = new JudgePlugin { Verdict = static call => ValueTask.FromResult(JudgePlugin.BlockIf(call, "forbidden phrase")) };
        await using var app = App(judge);
        for (var at = 200; at < 300; at += 7)
        {
            await using var run = await GuardedRun.BeginAsync(app);
            run.Upstream.Send(SampleStreams.Chat(new string('.', at) + "forbidden phrase" + new string('.', 400)));
            run.Upstream.End();
            Assert.That((await run.Stream.OpenAsync(default))?.Plugin, Is.EqualTo("judge"), $"at {at}");
        }
    }

    [Test]
    public async Task OpenAsync_HeadThatTakesTooLong_GoesOutWithCommentsOnly()
    {
        var time = new ManualTime();
        var judge = new JudgePlugin();
        await using var app = App(judge, time);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(": wait\n\n" + Encoding.UTF8.GetString(SampleStreams.Chat("few")).Split("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{  }")[0]);
        var opening = run.Stream.OpenAsync(default).AsTask();
        await time.WhenDueInAsync(TimeSpan.FromSeconds(5));
        Assert.That(opening.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await opening, Is.Null);
        var chunk = new byte[1000];
        var first = await run.Stream.ReadAsync(chunk);
        Assert.That(Encoding.UTF8.GetString(chunk, 0, first), Is.EqualTo(": wait\n"));
        first = await run.Stream.ReadAsync(chunk);
        Assert.That(Encoding.UTF8.GetString(chunk, 0, first), Does.Contain("few"), "older than max_hold_ms, so it is judged now");
        Assert.That(judge.Seen, Is.EqualTo(new[] { "few" }));
    }

    [Test]
    public async Task ReadAsync_FewCharacters_WaitForMaxHold()
    {
        var time = new ManualTime();
        var judge = new JudgePlugin();
        await using var app = App(judge, time);
        await using var run = await GuardedRun.BeginAsync(app);
        var parts = Parts("twenty harmless characters", "few");
        run.Upstream.Send(parts[0] + parts[1]);
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        await run.ReadAsync();
        run.Upstream.Send(parts[2]);
        var reading = run.ReadAsync();
        await time.WhenDueInAsync(TimeSpan.FromMilliseconds(800));
        Assert.That(reading.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(800));
        Assert.That(await reading, Does.Contain("few"));
        Assert.That(judge.Seen[^1], Is.EqualTo("twenty harmless charactersfew"), "with what went before");
    }

    [Test]
    public async Task ReadAsync_JudgeThatIsNotThere_FollowsOnErrorAndIsRetired()
    {
        var judge = new JudgePlugin { Verdict = static _ =>
            ValueTask.FromResult(GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.Transport)) };
        await using var app = App(judge, null, Entry.Replace("\"judge\",", "\"judge\", \"on_error\": \"allow\",", StringComparison.Ordinal));
        await using var run = await GuardedRun.BeginAsync(app);
        var stream = SampleStreams.Chat(Enumerable.Repeat("a text of thirty characters ok ", 100));
        run.Upstream.Send(stream);
        run.Upstream.End();
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        Assert.That(await run.ReadToEndAsync(), Is.EqualTo(Encoding.UTF8.GetString(stream)));
        var result = run.Call.Decisions[^1].Results.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(judge.Seen, Has.Count.EqualTo(3));
            Assert.That(result.FailedOpen);
            Assert.That(run.Call.Decisions[^1].Action, Is.EqualTo(GuardrailAction.Flag), "visible, never an allow");
        }
    }

    [Test]
    public async Task ReadAsync_JudgeWithoutUsableVerdict_IsCutWhateverOnErrorSays()
    {
        var judge = new JudgePlugin { Verdict = static _ =>
            ValueTask.FromResult(GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.VerdictIncomplete)) };
        await using var app = App(judge, null, Entry.Replace("\"judge\",", "\"judge\", \"on_error\": \"allow\",", StringComparison.Ordinal));
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(SampleStreams.Chat("a text of thirty characters ok"));
        run.Upstream.End();
        Assert.That((await run.Stream.OpenAsync(default))?.Code, Is.EqualTo(RefusalCodes.OutputUninspectable));
    }

    [Test]
    public async Task ReadAsync_JudgeThatMasks_EditsTheEventsThatWait()
    {
        var judge = new JudgePlugin
        {
            Verdict = static call =>
            {
                var segment = call.Content.FirstOrDefault(static s => s.Text.Contains("secret", StringComparison.Ordinal));
                return ValueTask.FromResult(segment == default ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(
                    [new SegmentEdit(segment.Index, segment.ToUtf8(segment.Text.IndexOf("secret", StringComparison.Ordinal), 6),
                        Replacement.Literal("[S]"))]));
            },
        };
        await using var app = App(judge);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(SampleStreams.Chat("a long enough text with a sec", "ret in it"));
        run.Upstream.End();
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        var text = await run.ReadToEndAsync();
        Assert.That(text, Does.Contain("text with a [S]").And.Contain(" in it").And.Not.Contain("ret in"));
    }

    [Test]
    public async Task ReadAsync_FiveMinutesOfPings_KeepFlowing()
    {
        var time = new ManualTime();
        await using var app = App(new JudgePlugin(), time);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Parts("twenty harmless characters")[..2]));
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        await run.ReadAsync();
        for (var second = 0; second < 300; second += 15)
        {
            run.Upstream.Send($": ping {second}\n");
            Assert.That(await run.ReadAsync(), Is.EqualTo($": ping {second}\n"));
            time.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.That(app.Budget.Held, Is.LessThan(200_000));
    }

    [Test]
    public async Task ReadAsync_UpstreamThatBreaksOff_ThrowsAndKeepsWhatWaits()
    {
        await using var app = App(new JudgePlugin());
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Parts("short")[..2]));
        run.Upstream.End(new IOException("reset"));
        Assert.That(async () => await run.Stream.OpenAsync(default), Throws.InstanceOf<IOException>());
        Assert.That(run.Stream.Ending, Is.EqualTo(CallEnding.UpstreamFailed));
    }

    [Test]
    public async Task OpenAsync_AnswerNotEncodedAsItSays_RefusesBeforeAnythingLeaves()
    {
        await using var app = App(new JudgePlugin());
        await using var call = app.Begin();
        var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream", "/v1/chat/completions"));
        await using var stream = new GuardedStream(guard, new GZipStream(new MemoryStream(SampleStreams.Chat("plain")), CompressionMode.Decompress));
        var refusal = await stream.OpenAsync(default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal?.StatusCode, Is.EqualTo(502));
            Assert.That(refusal?.Code, Is.EqualTo("guardrail_output_uninspectable"));
        }
    }

    [Test]
    public async Task Read_Synchronously_GivesTheSame()
    {
        await using var app = App(new JudgePlugin());
        await using var run = await GuardedRun.BeginAsync(app);
        var stream = SampleStreams.Chat(Enumerable.Repeat("harmless words ", 30));
        run.Upstream.Send(stream);
        run.Upstream.End();
        using var copy = new MemoryStream();
        var buffer = new byte[777];
        while (run.Stream.Read(buffer) is > 0 and var count)
        {
            copy.Write(buffer, 0, count);
        }

        Assert.That(copy.ToArray(), Is.EqualTo(stream));
        Assert.That(run.Stream.Usage?.Total, Is.EqualTo(7));
    }

    private static GuardedStreams App(JudgePlugin judge, ManualTime? time = null, string entry = Entry) =>
        new(entry, services => services.AddSingleton<TimeProvider>((TimeProvider?)time ?? TimeProvider.System), "", judge);

    private static string[] Parts(params string[] texts)
    {
        var text = Encoding.UTF8.GetString(SampleStreams.Chat(texts));
        return [.. text.Split("\n\n").Select(static p => p + "\n\n")];
    }
}
