using System.Text;
using LlmGuard.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Streams.Judges;

/// <summary>
/// When the status line of a stream goes out under rules of finite reach: a block of the first words is a refusal, and nothing else waits for it.
/// </summary>
[CancelAfter(60_000)]
internal sealed class StreamHeadTests
{
    private const string Blocks = """{ "name": "stop_word" }""";
    private const string Role = """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""" + "\n\n";

    [TestCase("forbidden")]
    [TestCase("for|bidden")]
    [TestCase("f|o|r|b|i|d|d|e|n")]
    public async Task OpenAsync_BlockOfTheFirstWords_RefusesBeforeAnythingLeaves(string words)
    {
        await using var app = App();
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(": hello\n\n");
        run.Upstream.Send(Role);
        foreach (var word in words.Split('|'))
        {
            run.Upstream.Send(Delta(word));
        }

        var refusal = await run.Stream.OpenAsync(default);
        await run.Stream.DisposeAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal?.StatusCode, Is.EqualTo(403));
            Assert.That(refusal?.Plugin, Is.EqualTo("stop_word"));
            Assert.That(run.Upstream.IsDisposed, "nobody waits for the rest");
            Assert.That(run.Stream.Ending, Is.EqualTo(CallEnding.Blocked));
        }
    }

    [Test]
    public async Task OpenAsync_BlockAfterTextThatMayLeave_OpensWhateverCameTogether([Values] bool together)
    {
        await using var app = App();
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(together ? Delta("fine. ") + Delta("forbidden") : Delta("fine. "));
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        if (!together)
        {
            run.Upstream.Send(Delta("forbidden"));
        }

        Assert.That(await run.ReadToEndAsync(), Does.Contain("fine. ").And.Contain("content_filter").And.Not.Contain("forbidden"));
    }

    [Test]
    public async Task OpenAsync_TextThatMayLeave_OpensAtOnceWithAllThatCame()
    {
        await using var app = App(new ManualTime());
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(": hello\n\n" + Role + Delta("fine. "));
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        Assert.That(await run.ReadAsync(), Is.EqualTo(": hello\n\n" + Role + Delta("fine. ")));
    }

    [Test]
    public async Task OpenAsync_NothingButKeepAlivesAndTheRole_WaitsNoLongerThanHeadMax()
    {
        var time = new ManualTime();
        await using var app = App(time, """{ "name": "stop_word", "streaming": { "head_max_ms": 3000 } }""");
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(": ping\n\n" + Role);
        var opening = run.Stream.OpenAsync(default).AsTask();
        await time.WhenDueInAsync(TimeSpan.FromSeconds(3));
        Assert.That(opening.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(await opening, Is.Null);
        Assert.That(await run.ReadAsync(), Is.EqualTo(": ping\n\n" + Role));

        run.Upstream.Send(Delta("forbidden"));
        Assert.That(await run.ReadToEndAsync(), Does.Contain("content_filter").And.Not.Contain("forbidden"), "too late for a status");
    }

    [Test]
    public async Task OpenAsync_FloodOfComments_GoesOut()
    {
        await using var app = App(new ManualTime());
        await using var run = await GuardedRun.BeginAsync(app);
        var comments = string.Concat(Enumerable.Repeat(": " + new string('.', 100) + "\n\n", 1000));
        run.Upstream.Send(comments);
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        run.Upstream.End();
        Assert.That(await run.ReadToEndAsync(), Is.EqualTo(comments));
    }

    [TestCase("")]
    [TestCase(": only a comment\n\n")]
    [TestCase("data: [DONE]\n\n")]
    public async Task OpenAsync_StreamWithoutText_OpensAtItsEnd(string stream)
    {
        await using var app = App(new ManualTime());
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(stream.Length == 0 ? "\n" : stream);
        run.Upstream.End();
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        Assert.That(await run.ReadToEndAsync(), Is.EqualTo(stream.Length == 0 ? "\n" : stream));
    }

    [Test]
    public async Task OpenAsync_EntriesThatBlockNothing_OpensBeforeAnythingCame()
    {
        await using var app = App(new ManualTime(), """{ "name": "data_masking", "stage": "pre_response", "settings": { "apply_all": true } }""");
        await using var run = await GuardedRun.BeginAsync(app);
        Assert.That(run.Stream.OpenAsync(default).AsTask().IsCompletedSuccessfully);
    }

    [Test]
    public async Task OpenAsync_ErrorEventFirst_OpensAtOnce()
    {
        await using var app = App(new ManualTime());
        await using var run = await GuardedRun.BeginAsync(app);
        const string Error = """data: {"error":{"message":"overloaded","type":"server_error","param":null,"code":null}}""" + "\n\n";
        run.Upstream.Send(Error);
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        Assert.That(await run.ReadAsync(), Is.EqualTo(Error));
    }

    [Test]
    public async Task OpenAsync_CallerThatGoesMeanwhile_Throws()
    {
        await using var app = App(new ManualTime());
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(Role);
        using var gone = new CancellationTokenSource();
        var opening = run.Stream.OpenAsync(gone.Token).AsTask();
        await gone.CancelAsync();
        Assert.That(async () => await opening, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("""{ "name": "data_masking", "stage": "pre_response", "settings": { "apply_all": true }, "streaming": { "head_max_ms": 3000 } }""",
        "blocks no answer")]
    [TestCase("""{ "name": "stop_word", "streaming": { "head_chars": 20 } }""", "keeps no cadence")]
    [TestCase("""{ "name": "stop_word", "streaming": { "mode": "buffer", "head_max_ms": 3000 } }""", "judged once")]
    public void Policy_WithAWaitThatNothingHonours_IsRefused(string entry, string problem)
    {
        Assert.That(() => App(entry: entry).Begin(), Throws.InstanceOf<GuardrailPolicyException>().With.Message.Contains(problem));
    }

    private static GuardedStreams App(ManualTime? time = null, string entry = Blocks) =>
        new(entry, services => services.AddSingleton<TimeProvider>((TimeProvider?)time ?? TimeProvider.System), "", new StopWordPlugin());

    // The second of its events: the first says the role.
    private static string Delta(string text) => Encoding.UTF8.GetString(SampleStreams.Chat(text)).Split("\n\n")[1] + "\n\n";
}
