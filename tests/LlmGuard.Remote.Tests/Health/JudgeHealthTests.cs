using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Tests.Doubles;
using LlmGuard.Remote.Transport;
using LlmGuard.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmGuard.Remote.Tests.Health;

/// <summary>The health check of a judge as an application adds it.</summary>
public sealed class JudgeHealthTests
{
    [Test]
    public async Task AddGuardrailJudge_JudgeNeverAsked_IsHealthyUnderItsName()
    {
        await using var bench = await Bench.StartAsync();

        var report = await CheckAsync(bench, HealthStatus.Unhealthy);

        Assert.Multiple(() =>
        {
            Assert.That(report.Entries.Keys, Is.EqualTo(new[] { "ai_guardrails_echo" }));
            Assert.That(report.Entries.Values.Single().Tags, Is.EqualTo(new[] { "ready" }));
            Assert.That(Of(report), Is.EqualTo((HealthStatus.Healthy, 0, 0, 0)));
            Assert.That(bench.Cloud.RequestCount, Is.Zero, "it asks the judge nothing");
        });
    }

    [TestCase(null, HealthStatus.Degraded)]
    [TestCase(HealthStatus.Unhealthy, HealthStatus.Unhealthy)]
    public async Task AddGuardrailJudge_AllBreakersOpen_IsWhatTheApplicationSaysUntilOneIsTriedAgain(HealthStatus? given, HealthStatus expected)
    {
        var time = new ManualTime();
        await using var bench = await Bench.StartAsync(time);
        object[] inUse = [await OpenAsync(bench, "one"), await OpenAsync(bench, "two")];
        var open = await CheckAsync(bench, given);

        time.Advance(JudgeGate.BreakDuration - TimeSpan.FromTicks(1));
        var stillOpen = await CheckAsync(bench, given);
        time.Advance(TimeSpan.FromTicks(1));
        var again = await CheckAsync(bench, given);

        GC.KeepAlive(inUse);
        Assert.Multiple(() =>
        {
            Assert.That(Of(open), Is.EqualTo((expected, 2, 2, 0)));
            Assert.That(Of(stillOpen), Is.EqualTo((expected, 2, 2, 0)));
            Assert.That(Of(again), Is.EqualTo((HealthStatus.Degraded, 2, 0, 2)), "the next question decides, whether one has come or not");
            Assert.That(open.Entries.Values.Single().Description, Is.EqualTo("The judge echo fails."));
        });
    }

    [Test]
    public async Task AddGuardrailJudge_OneOfTwoBreakersOpen_IsDegraded()
    {
        await using var bench = await Bench.StartAsync();
        var other = bench.Evaluator(credential: new SecretCredential(new GuardrailSecret("two")));
        await other.EvaluateAsync(Bench.Call("text"), default);
        var failing = await OpenAsync(bench, "one");

        Assert.That(Of(await CheckAsync(bench, HealthStatus.Unhealthy)), Is.EqualTo((HealthStatus.Degraded, 2, 1, 0)));
        GC.KeepAlive((other, failing));
    }

    [Test]
    public async Task AddGuardrailJudge_AnotherJudgesBreakerOpen_IsHealthy()
    {
        await using var bench = await Bench.StartAsync();
        var failing = await OpenAsync(bench, "one");

        var report = await CheckAsync(bench, HealthStatus.Unhealthy, "another");

        Assert.That(Of(report), Is.EqualTo((HealthStatus.Healthy, 0, 0, 0)));
        GC.KeepAlive(failing);
    }

    [Test]
    public async Task AddGuardrailJudge_EntryThatIsGone_CountsNoMore()
    {
        await using var bench = await Bench.StartAsync();
        var gone = await OpenAsync(bench, "one");
        var other = bench.Evaluator(credential: new SecretCredential(new GuardrailSecret("one")));
        await other.EvaluateAsync(Bench.Call("text"), default);
        var breaker = bench.Gates.Of("echo").Single();

        gone.Dispose();
        var stillUsed = await CheckAsync(bench, HealthStatus.Unhealthy);
        other.Dispose();
        var unused = await CheckAsync(bench, HealthStatus.Unhealthy);

        GC.KeepAlive(breaker);
        Assert.That(Of(stillUsed), Is.EqualTo((HealthStatus.Unhealthy, 1, 1, 0)), "another entry asks the same judge");
        Assert.That(Of(unused), Is.EqualTo((HealthStatus.Healthy, 0, 0, 0)), "whatever the garbage collector has done");
    }

    [Test]
    public async Task AddGuardrailJudge_EntryThatComesAgain_FindsItsOpenBreaker()
    {
        await using var bench = await Bench.StartAsync();
        var before = await OpenAsync(bench, "one");
        var breaker = bench.Gates.Of("echo").Single();
        before.Dispose();

        using var after = bench.Evaluator(credential: new SecretCredential(new GuardrailSecret("one")));
        var verdict = await after.EvaluateAsync(Bench.Call("text"), default);

        GC.KeepAlive(breaker);
        Assert.That(verdict.Failure!.Reason, Is.EqualTo(FailureReasons.CircuitOpen), "a reload is no reason to ask a judge that is down");
        Assert.That(Of(await CheckAsync(bench, HealthStatus.Unhealthy)), Is.EqualTo((HealthStatus.Unhealthy, 1, 1, 0)));
    }

    [Test]
    public void AddGuardrailJudge_NoName_Throws()
    {
        var checks = new ServiceCollection().AddHealthChecks();

        Assert.That(() => checks.AddGuardrailJudge(""), Throws.ArgumentException);
        Assert.That(() => JudgeHealthChecksBuilderExtensions.AddGuardrailJudge(null!, "echo"), Throws.ArgumentNullException);
    }

    /// <summary>Opens the breaker of a credential; whoever holds the evaluator keeps its breaker.</summary>
    private static async Task<RemoteEvaluator> OpenAsync(Bench bench, string credential)
    {
        var evaluator = bench.Evaluator(credential: new SecretCredential(new GuardrailSecret(credential)));
        bench.Cloud.Faults.Always = Fault.Instead(503, "{}");
        for (var i = 0; i < JudgeGate.MinimumThroughput; i++)
        {
            await evaluator.EvaluateAsync(Bench.Call("text"), default);
        }

        bench.Cloud.Faults.Always = null;
        return evaluator;
    }

    private static (HealthStatus Status, int Destinations, int Open, int HalfOpen) Of(HealthReport report)
    {
        var entry = report.Entries.Values.Single();
        return (entry.Status, (int)entry.Data["destinations"], (int)entry.Data["open"], (int)entry.Data["half_open"]);
    }

    private static async Task<HealthReport> CheckAsync(Bench bench, HealthStatus? failureStatus, string plugin = "echo")
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(bench.Gates);
        services.AddHealthChecks().AddGuardrailJudge(plugin, failureStatus, ["ready"]);
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
    }
}
