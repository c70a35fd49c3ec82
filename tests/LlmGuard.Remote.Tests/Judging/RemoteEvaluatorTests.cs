using System.Text;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Tests.Doubles;

namespace LlmGuard.Remote.Tests.Judging;

public sealed class RemoteEvaluatorTests
{
    private static readonly GuardrailFailure Throttled = new(FailureClass.Availability, FailureReasons.Throttled);
    private static readonly Fault Unavailable = Fault.Instead(503, "{}");

    [Test]
    public async Task Evaluate_NothingToAsk_AllowsWithoutAsking()
    {
        await using var bench = await Bench.StartAsync();

        var verdict = await bench.Evaluator().EvaluateAsync(Bench.Call("  "), default);

        Assert.That(verdict, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(bench.Cloud.RequestCount, Is.Zero);
    }

    [Test]
    public async Task Evaluate_TransientFailure_IsRetriedAndTheAnswerCounts()
    {
        await using var bench = await Bench.StartAsync();
        bench.Cloud.Faults.Then(Unavailable);

        var verdict = await bench.Evaluator(bench.Settings() with { Retries = 1 }).EvaluateAsync(Bench.Call("BAD"), default);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(bench.Cloud.RequestCount, Is.EqualTo(2));
    }

    [Test]
    public async Task Evaluate_RetriesUsedUp_IsTheFailure()
    {
        await using var bench = await Bench.StartAsync();
        bench.Cloud.Faults.Always = Fault.Instead(429, "{}", headers: ("Retry-After", "0"));

        var verdict = await bench.Evaluator(bench.Settings() with { Retries = 2 }).EvaluateAsync(Bench.Call("text"), default);

        Assert.That(verdict.Failure, Is.EqualTo(Throttled));
        Assert.That(bench.Cloud.RequestCount, Is.EqualTo(3));
    }

    [Test]
    public async Task Evaluate_RetryAfterBeyondTheDeadline_IsNotWaitedFor()
    {
        await using var bench = await Bench.StartAsync();
        bench.Cloud.Faults.Always = Fault.Instead(429, "{}", headers: ("Retry-After", "30"));

        var verdict = await bench.Evaluator(bench.Settings() with { Retries = 5 }).EvaluateAsync(Bench.Call("text"), default);

        Assert.That(verdict.Failure, Is.EqualTo(Throttled));
        Assert.That(bench.Cloud.RequestCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Evaluate_Hang_EndsBeforeTheEnginesDeadline()
    {
        await using var bench = await Bench.StartAsync();
        bench.Cloud.Faults.Always = Fault.Hang;
        using var engine = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);

        var verdict = await bench.Evaluator().EvaluateAsync(Bench.Call("text", TimeSpan.FromMilliseconds(200)), engine.Token);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Timeout)));
        Assert.That(engine.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task Evaluate_HangWithSeveralChunks_IsAnInputFailure()
    {
        await using var bench = await Bench.StartAsync();
        bench.Cloud.Faults.Always = Fault.Hang;

        var verdict = await bench.Evaluator().EvaluateAsync(Bench.Call(new string('x', 3000), TimeSpan.FromMilliseconds(200)), default);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.Timeout)));
    }

    [Test]
    public async Task Evaluate_HarmfulTailOfALongText_IsSeenWhereverItIsCut()
    {
        await using var bench = await Bench.StartAsync();
        var evaluator = bench.Evaluator();
        for (var padding = 1010; padding < 1030; padding++)
        {
            var verdict = await evaluator.EvaluateAsync(Bench.Call(new string('x', padding) + "BAD" + new string('y', 500)), default);
            Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block), $"{padding}");
        }
    }

    [Test]
    public async Task Evaluate_BlockInOneChunkAndFailuresInOthers_IsTheBlock()
    {
        await using var bench = await Bench.StartAsync();
        bench.Cloud.Faults.Always = Fault.Changed(static body => body.Contains("true", StringComparison.Ordinal) ? body : "garbage");

        var verdict = await bench.Evaluator().EvaluateAsync(Bench.Call(new string('x', 5000) + "BAD"), default);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Failure, Is.Null);
    }

    [Test]
    public async Task Evaluate_TwoChunksBlock_TheFirstInOrderIsReportedWhoeverAnswersFirst()
    {
        await using var bench = await Bench.StartAsync();
        var text = "BAD" + new string('x', 5000) + "BAD";
        var evaluator = bench.Evaluator();
        for (var i = 0; i < 10; i++)
        {
            var verdict = await evaluator.EvaluateAsync(Bench.Call(text), default);
            Assert.That(verdict.Findings.Single().Span.Start, Is.Zero);
        }
    }

    [Test]
    public async Task Evaluate_MoreThanCanBeJudgedInTime_IsRefusedWithoutAsking()
    {
        await using var bench = await Bench.StartAsync();

        var verdict = await bench.Evaluator().EvaluateAsync(Bench.Call(new string('x', 60_000) + "BAD", TimeSpan.FromSeconds(2)), default);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded)));
        Assert.That(bench.Cloud.RequestCount, Is.Zero);
    }

    [Test]
    public async Task Evaluate_ManyChunks_AskAtMostTheParallelism()
    {
        await using var bench = await Bench.StartAsync();
        var hasSeen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Cloud.Gate = hasSeen.Task;
        var call = Bench.Call(new string('x', 10_000), TimeSpan.FromMinutes(2));

        var judging = bench.Evaluator(bench.Settings() with { Parallelism = 3 }).EvaluateAsync(call, default).AsTask();
        var areThere = await Task.Run(() => SpinWait.SpinUntil(() => bench.Cloud.MostConcurrent == 3, TimeSpan.FromMinutes(1)));
        hasSeen.SetResult();

        Assert.That(areThere);
        Assert.That(await judging, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(bench.Cloud.MostConcurrent, Is.EqualTo(3));
    }

    [Test]
    public async Task Evaluate_JudgeThatThrows_IsAnInputFailure()
    {
        await using var bench = await Bench.StartAsync();

        Assert.That((await bench.Evaluator().EvaluateAsync(Bench.Call("THROW"), default)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.Exception)));
        Assert.That((await bench.Evaluator().EvaluateAsync(Bench.Call("REFUSE"), default)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.Uninspected)));
    }

    [Test]
    public async Task Evaluate_AddressOtherThanTheEndpoint_SendsNothing()
    {
        await using var bench = await Bench.StartAsync();
        var credential = new CountingCredential();
        var evaluator = bench.Evaluator(bench.Settings(new Uri("http://127.0.0.1:1/")), credential);

        var verdict = await evaluator.EvaluateAsync(Bench.Call("text"), default);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.Exception)));
        Assert.That(bench.Cloud.RequestCount, Is.Zero);
        Assert.That(credential.Applied, Is.Zero);
    }

    [Test]
    public async Task Evaluate_PrivateAddressNotAllowed_IsRefusedAtConnectTime()
    {
        await using var bench = await Bench.StartAsync();

        var verdict = await bench.Evaluator(bench.Settings() with { AllowPrivate = false }).EvaluateAsync(Bench.Call("text"), default);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.EgressRefused)));
        Assert.That(bench.Cloud.Connections, Is.Zero);
    }

    [Test]
    public async Task Evaluate_TokenRefused_IsAcquiredAnewOnce()
    {
        await using var bench = await Bench.StartAsync();
        bench.Cloud.Token = "token-2";
        var acquired = 0;
        var tokens = new AccessTokens(
            _ => Task.FromResult(new AccessToken($"token-{++acquired}", TimeProvider.System.GetUtcNow().AddHours(1))), TimeProvider.System);
        var evaluator = bench.Evaluator(credential: new TokenCredential("me", tokens));

        var verdict = await evaluator.EvaluateAsync(Bench.Call("BAD"), default);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(acquired, Is.EqualTo(2));

        bench.Cloud.Token = "none";
        Assert.That((await evaluator.EvaluateAsync(Bench.Call("BAD"), default)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
        Assert.That(acquired, Is.EqualTo(3), "once per attempt");
    }

    [Test]
    public async Task Evaluate_NoTokenToBeHad_IsAnAvailabilityFailure()
    {
        await using var bench = await Bench.StartAsync();
        var tokens = new AccessTokens(_ => throw new InvalidOperationException("secret words"), TimeProvider.System);

        var verdict = await bench.Evaluator(credential: new TokenCredential("me", tokens)).EvaluateAsync(Bench.Call("text"), default);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
        Assert.That(bench.Cloud.RequestCount, Is.Zero);
    }

    [Test]
    public async Task Evaluate_Cache_RemembersCleanQuestionsPerConsumerOnly()
    {
        await using var bench = await Bench.StartAsync();
        var evaluator = bench.Evaluator(bench.Settings() with { CacheLifetime = TimeSpan.FromMinutes(5) });
        for (var i = 0; i < 3; i++)
        {
            await evaluator.EvaluateAsync(Bench.Call("text", consumer: "alice"), default);
        }

        Assert.That(bench.Cloud.RequestCount, Is.EqualTo(1));
        await evaluator.EvaluateAsync(Bench.Call("text", consumer: "bob"), default);
        Assert.That(bench.Cloud.RequestCount, Is.EqualTo(2));
        for (var i = 0; i < 2; i++)
        {
            Assert.That((await evaluator.EvaluateAsync(Bench.Call("BAD", consumer: "alice"), default)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        }

        Assert.That(bench.Cloud.RequestCount, Is.EqualTo(4), "what is not clean is asked again");
    }

    [Test]
    public async Task Evaluate_TextWithMarkup_IsSentWithoutInflation()
    {
        await using var bench = await Bench.StartAsync();
        // What lies beyond the basic plane is escaped nevertheless, with three times its size.
        var text = string.Concat(Enumerable.Repeat("<&'>é€<&'>中文😀", 30));

        await bench.Evaluator().EvaluateAsync(Bench.Call(text), default);

        var body = bench.Cloud.Requests.Single();
        Assert.That(body.Json()!.Value.GetString(), Is.EqualTo(text));
        Assert.That(body.Body, Has.Length.LessThan(Encoding.UTF8.GetByteCount(text) * 3 / 2));
    }

    [Test]
    public async Task Evaluate_Cancelled_Throws()
    {
        await using var bench = await Bench.StartAsync();
        bench.Cloud.Faults.Always = Fault.Hang;
        using var cancellation = new CancellationTokenSource();
        var pending = bench.Evaluator().EvaluateAsync(Bench.Call("text"), cancellation.Token).AsTask();
        await bench.Cloud.FirstRequest;

        await cancellation.CancelAsync();

        Assert.That(async () => await pending, Throws.InstanceOf<OperationCanceledException>());
    }

    private sealed class CountingCredential : IJudgeCredential
    {
        public int Applied { get; private set; }

        public string Identity => "counting";

        public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            Applied++;
            return default;
        }
    }
}
