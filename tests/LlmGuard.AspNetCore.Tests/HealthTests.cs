using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using LlmGuard.Counters;
using LlmGuard.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmGuard.AspNetCore.Tests;

public class HealthTests
{
    [Test]
    public async Task Policy_InForce_IsHealthy()
    {
        await using var app = await Start();

        var (status, body) = await app.Client.GetAsync("/healthz").Read();

        Assert.That((status, body), Is.EqualTo((HttpStatusCode.OK, "Healthy")));
    }

    [TestCase(null, null, false, HealthStatus.Unhealthy, "No policy is loaded.")]
    [TestCase(null, null, true, HealthStatus.Unhealthy, "No policy is loaded.")]
    [TestCase("r1", null, false, HealthStatus.Healthy, null)]
    [TestCase("r1", "bad", false, HealthStatus.Degraded, "The last reload of the policy was refused; the policy before it is in force.")]
    [TestCase("r1", null, true, HealthStatus.Degraded, "The counter store did not answer when it was last asked; limits are counted in this process alone.")]
    public void Status_OfPolicyAndCounters_IsTheHealth(string? revision, string? failure, bool countsAlone, HealthStatus expected, string? description)
    {
        var result = Health.GuardrailHealthCheck.Of(new PolicyStatus(revision, default, failure), countsAlone, HealthStatus.Unhealthy);

        Assert.That((result.Status, result.Description), Is.EqualTo((expected, description)));
    }

    [Test]
    public void Status_BothDegraded_SaysBoth()
    {
        var result = Health.GuardrailHealthCheck.Of(new PolicyStatus("r1", default, "bad"), countsAlone: true, HealthStatus.Unhealthy);

        Assert.That(result.Description, Does.Contain("reload").And.Contain("counter store"));
    }

    [Test]
    public async Task Counters_StoreThatIsNotThere_IsDegradedUntilItIsBack()
    {
        var store = new AbsentStore();
        await using var app = await Start(store);
        var counters = app.Services.GetRequiredService<GuardrailCounters>();
        var before = await app.Client.GetAsync("/healthz").Read();
        await counters.ChargeAsync([], CancellationToken.None);
        var during = await app.Client.GetAsync("/healthz").Read();
        store.IsThere = true;
        await counters.ChargeAsync([], CancellationToken.None);
        var after = await app.Client.GetAsync("/healthz").Read();

        Assert.That((before.Body, during.Body, after.Body), Is.EqualTo(("Healthy", "Degraded", "Healthy")));
    }

    [Test]
    public async Task Check_GuardrailsNotAdded_SaysWhatToCall()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddAiGuardrails();
        await using var built = services.BuildServiceProvider();

        Assert.That(
            () => built.GetRequiredService<HealthCheckService>().CheckHealthAsync(),
            Throws.InvalidOperationException.With.Message.Contains("services.AddAiGuardrails()").And.Message.Not.Contains("Provider"));
    }

    private sealed class AbsentStore : ICounterStore
    {
        public bool IsThere { get; set; }

        public ValueTask<bool> ChargeAsync(ReadOnlyMemory<CounterCharge> charges, Memory<CounterState> states, CancellationToken cancellationToken) =>
            IsThere ? ValueTask.FromResult(true) : throw new CounterStoreException("It is not there.");

        public ValueTask SettleAsync(ReadOnlyMemory<CounterSettlement> settlements, CancellationToken cancellationToken) => default;

        public ValueTask RenewAsync(ReadOnlyMemory<CounterSettlement> leases, CancellationToken cancellationToken) => default;
    }

    private static Task<GuardedApp> Start(ICounterStore? store = null) => GuardedApp.StartAsync(
        GuardedApp.Policy("words", """["pre_request"]"""),
        [ProbePlugin.Words()],
        static e => e.MapHealthChecks("/healthz"),
        services: s =>
        {
            s.AddHealthChecks().AddAiGuardrails();
            if (store is not null)
            {
                s.AddSingleton(store);
            }
        });
}
