using System.Text;
using LlmGuard.Http.Streams;
using LlmGuard.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Streams.Framing;

/// <summary>What becomes of the upstream when an answer is cut: it is left at once, or read on for the usage that an entry settles by.</summary>
[CancelAfter(60_000)]
internal sealed class CutStreamTests
{
    private const string Cut = """{ "name": "stop_word" }""";
    private const string Settled = Cut + """, { "name": "usage" }""";

    private static readonly string[] Events = [.. Encoding.UTF8.GetString(SampleStreams.Chat("fine, ", "but forbidden", " and more"))
        .Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static e => e + "\n\n")];

    [Test]
    public async Task ReadAsync_CutWithoutSettlement_LeavesTheUpstreamAtOnce()
    {
        await using var app = App(Cut);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Events[..3]));
        Assert.That(await run.ReadAsync(), Does.EndWith("data: [DONE]\n\n"));
        Assert.That(run.Upstream.IsDisposed);
        Assert.That(run.Stream.Drained.IsCompleted);
    }

    [TestCase(true, TestName = "ReadAsync_CutWithSettlement_IsReadOnAfterTheReaderHasGone")]
    [TestCase(false, TestName = "ReadAsync_CutWithSettlement_IsReadOnWhileTheReaderStays")]
    public async Task ReadAsync_CutWithSettlement_IsReadOn(bool isGone)
    {
        await using var app = App(Settled);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Events[..3]));
        var text = await run.ReadToEndAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("fine, ").And.Not.Contain("forbidden").And.EndWith("data: [DONE]\n\n"), "the caller does not wait");
            Assert.That(run.Upstream.IsDisposed, Is.False);
            Assert.That(run.Stream.Usage, Is.Null);
        }

        if (isGone)
        {
            await run.Stream.DisposeAsync();
        }

        run.Upstream.Send(string.Concat(Events[3..]));
        await run.Stream.Drained;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Stream.Usage?.Total, Is.EqualTo(7));
            Assert.That(run.Stream.Ending, Is.EqualTo(CallEnding.Blocked));
            Assert.That(run.Upstream.IsDisposed, "at its end, without waiting for the connection's");
        }
    }

    [Test]
    public async Task ReadAsync_CutWithUsageInTheSamePiece_NeedsNoMoreOfTheUpstream()
    {
        await using var app = App(Settled);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Events));
        await run.ReadToEndAsync();
        await run.Stream.Drained;
        Assert.That(run.Stream.Usage?.Total, Is.EqualTo(7));
    }

    [Test]
    public async Task Drained_UpstreamThatGoesOnForever_GivesUpAtTheBound()
    {
        await using var app = App(Settled);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Events[..3]));
        await run.ReadToEndAsync();
        for (var sent = 0; sent <= UpstreamDrain.MostBytes; sent += 16 * 1024)
        {
            run.Upstream.Send(": " + new string('x', 16 * 1024) + "\n\n");
        }

        await run.Stream.Drained;
        Assert.That(run.Upstream.IsDisposed);
        Assert.That(run.Stream.Usage, Is.Null);
    }

    [Test]
    public async Task Drained_UpstreamThatPauses_GivesUpAtTheDeadline()
    {
        var time = new ManualTime();
        await using var app = App(Settled, time);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Events[..3]));
        await run.ReadToEndAsync();
        await time.WhenDueInAsync(UpstreamDrain.MostTime);
        Assert.That(run.Stream.Drained.IsCompleted, Is.False);
        time.Advance(UpstreamDrain.MostTime);
        await run.Stream.Drained;
        Assert.That(run.Upstream.IsDisposed);
    }

    [TestCase(": broken off", true, TestName = "Drained_UpstreamThatBreaksOff_IsDone")]
    [TestCase("data: {\"id\": broken}\n\n", false, TestName = "Drained_EventNobodyCanRead_IsDone")]
    public async Task Drained_UpstreamThatFails_IsDone(string sent, bool isBroken)
    {
        await using var app = App(Settled);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Events[..3]));
        await run.ReadToEndAsync();
        run.Upstream.Send(sent);
        if (isBroken)
        {
            run.Upstream.End(new IOException("reset"));
        }

        await run.Stream.Drained;
        Assert.That(run.Upstream.IsDisposed);
    }

    [Test]
    public async Task ReadAsync_CutBecauseItCannotBeRead_IsNotReadOn()
    {
        await using var app = App(Settled);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(Events[0] + "data: {\"id\": broken}\n\n");
        await run.ReadToEndAsync();
        Assert.That(run.Upstream.IsDisposed);
    }

    [TestCase("\n", Description = "in one event")]
    [TestCase("\n\n", Description = "in events of their own")]
    [TestCase(" ", Description = "in one line")]
    [TestCase("", Description = "with nothing between them")]
    public async Task ReadAsync_JsonLinesInAnEventStream_AreCutWhereTheSecondBegins(string between)
    {
        await using var app = App(Cut);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send("{\"content\": \"forb\"}" + between + "{\"content\": \"idden\"}\n\n");
        Assert.That(await run.ReadToEndAsync(), Does.Not.Contain("idden"));
        Assert.That(run.Stream.Refusal?.Code, Is.EqualTo("guardrail_output_uninspectable"));
    }

    [Test]
    public async Task ReadAsync_OneBareObjectInAnEventStream_PassesAsItIs()
    {
        const string Error = "{\"error\": \"too busy\"}\n\n";
        await using var app = App(Cut);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(Error);
        run.Upstream.End();
        Assert.That(await run.ReadToEndAsync(), Is.EqualTo(Error));
    }

    [TestCase(true, CallEnding.Completed)]
    [TestCase(false, CallEnding.Aborted)]
    public async Task Dispose_BeforeTheEndOfTheBytes_CountsWhatTheReaderHasRead(bool isAll, CallEnding expected)
    {
        await using var app = App(Cut);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(SampleStreams.Chat("fine"));
        var chunk = new byte[isAll ? 8192 : 100];
        Assert.That(await run.Stream.ReadAsync(chunk), Is.GreaterThan(0));
        await run.Stream.DisposeAsync();
        Assert.That(run.Stream.Ending, Is.EqualTo(expected), "clients stop at [DONE]");
    }

    private static GuardedStreams App(string entries, ManualTime? time = null) => new(
        entries, services => services.AddSingleton<TimeProvider>((TimeProvider?)time ?? TimeProvider.System), "", new StopWordPlugin(),
            new UsagePlugin());
}
