using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Health;
using LlmGuard.Remote.Tests.Doubles;
using LlmGuard.Remote.Transport;
using LlmGuard.Tests;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly.CircuitBreaker;

namespace LlmGuard.Remote.Tests.Transport;

public sealed class JudgeGateTests
{
    private static readonly Fault Unavailable = Fault.Instead(503, "{}");

    [Test]
    public async Task Breaker_OpensHalfOpensAndCloses()
    {
        var time = new ManualTime();
        await using var bench = await Bench.StartAsync(time);
        var evaluator = bench.Evaluator();
        bench.Cloud.Faults.Always = Unavailable;
        for (var i = 0; i < JudgeGate.MinimumThroughput; i++)
        {
            Assert.That((await evaluator.EvaluateAsync(Bench.Call("text"), default)).Failure!.Reason, Is.EqualTo(FailureReasons.Transport));
        }

        Assert.That((await evaluator.EvaluateAsync(Bench.Call("text"), default)).Failure!.Reason, Is.EqualTo(FailureReasons.CircuitOpen));
        Assert.That(bench.Cloud.RequestCount, Is.EqualTo(JudgeGate.MinimumThroughput));
        Assert.That((await HealthAsync(bench)).Status, Is.EqualTo(HealthStatus.Degraded));

        bench.Cloud.Faults.Always = null;
        time.Advance(JudgeGate.BreakDuration);
        Assert.That((await evaluator.EvaluateAsync(Bench.Call("BAD"), default)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That((await HealthAsync(bench)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task Breaker_OfOneCredential_DoesNotStopAnother()
    {
        await using var bench = await Bench.StartAsync();
        var first = bench.Evaluator(credential: new SecretCredential(new GuardrailSecret("one")));
        var second = bench.Evaluator(credential: new SecretCredential(new GuardrailSecret("two")));
        var third = bench.Evaluator(credential: new SecretCredential(new GuardrailSecret("one")));
        bench.Cloud.Faults.Always = Unavailable;
        for (var i = 0; i < JudgeGate.MinimumThroughput; i++)
        {
            await first.EvaluateAsync(Bench.Call("text"), default);
        }

        bench.Cloud.Faults.Always = null;

        Assert.That((await third.EvaluateAsync(Bench.Call("text"), default)).Failure!.Reason, Is.EqualTo(FailureReasons.CircuitOpen));
        Assert.That((await second.EvaluateAsync(Bench.Call("BAD"), default)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That((await HealthAsync(bench)).Status, Is.EqualTo(HealthStatus.Degraded));
    }

    [Test]
    public async Task Breaker_TimeoutsOfLongTexts_DoNotCount()
    {
        await using var bench = await Bench.StartAsync();
        var evaluator = bench.Evaluator();
        bench.Cloud.Faults.Always = Fault.Hang;
        // However few of them a busy machine gets to send in their time.
        for (var i = 0; i < 6 || (bench.Cloud.RequestCount < JudgeGate.MinimumThroughput && i < 600); i++)
        {
            await evaluator.EvaluateAsync(Bench.Call(new string('x', 3000), TimeSpan.FromMilliseconds(100)), default);
        }

        Assert.That(bench.Cloud.RequestCount, Is.GreaterThanOrEqualTo(JudgeGate.MinimumThroughput));
        Assert.That(bench.Gates.Of("echo").Single().State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public async Task Take_SameJudgeAndCredential_IsTheSameGate()
    {
        await using var bench = await Bench.StartAsync();
        var gates = bench.Gates;
        var endpoint = new Uri("https://judge.example/v1/");

        var gate = gates.Take("x", endpoint, "key");

        Assert.That(gates.Take("x", new Uri("https://JUDGE.example/v2/"), "key"), Is.SameAs(gate));
        Assert.That(gates.Take("y", endpoint, "key"), Is.Not.SameAs(gate));
        Assert.That(gates.Take("x", endpoint, "key2"), Is.Not.SameAs(gate));
        Assert.That(gates.Take("x", new Uri("https://judge.example:444/"), "key"), Is.Not.SameAs(gate));
        GC.KeepAlive(gate);
    }

    [Test]
    public async Task Breaker_OfEntriesWithOtherLimitsOfRequests_IsOne()
    {
        await using var bench = await Bench.StartAsync();
        var narrow = bench.Evaluator(bench.Settings() with { MaxConcurrency = 1 });
        var wide = bench.Evaluator(bench.Settings() with { MaxConcurrency = 2 });
        bench.Cloud.Faults.Always = Unavailable;
        for (var i = 0; i < JudgeGate.MinimumThroughput; i++)
        {
            await narrow.EvaluateAsync(Bench.Call("text"), default);
        }

        Assert.That((await wide.EvaluateAsync(Bench.Call("text"), default)).Failure!.Reason, Is.EqualTo(FailureReasons.CircuitOpen));
        var gate = bench.Gates.Of("echo").Single();
        var ofOne = gate.BulkheadOf(1);
        Assert.Multiple(() =>
        {
            Assert.That(gate.BulkheadOf(1), Is.SameAs(ofOne));
            Assert.That(gate.BulkheadOf(2), Is.Not.SameAs(ofOne));
        });
    }

    [Test]
    public async Task Bulkhead_Full_WaitsAndThenRefuses()
    {
        using var bulkhead = new Bulkhead(1);
        Assert.That(await bulkhead.EnterAsync(default), Is.True);
        using var impatience = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 32).Select(_ => bulkhead.EnterAsync(impatience.Token).AsTask()).ToArray();

        Assert.That(await bulkhead.EnterAsync(default), Is.False, "one more than may wait");
        bulkhead.Leave();
        var admitted = await Task.WhenAny(waiting);
        Assert.That(await admitted, Is.True);
        await impatience.CancelAsync();
        Assert.That(async () => await Task.WhenAll(waiting), Throws.InstanceOf<OperationCanceledException>());
        bulkhead.Leave();
        Assert.That(await bulkhead.EnterAsync(default), Is.True, "those who gave up hold no room");
    }

    private static Task<HealthCheckResult> HealthAsync(Bench bench)
    {
        var check = new JudgeHealthCheck(bench.Gates, "echo");
        return check.CheckHealthAsync(new HealthCheckContext
        {
            Registration = new HealthCheckRegistration("echo", check, HealthStatus.Degraded, null),
        });
    }
}
