using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
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

    [TestCase(null, null, HealthStatus.Unhealthy)]
    [TestCase("r1", null, HealthStatus.Healthy)]
    [TestCase("r1", "bad", HealthStatus.Degraded)]
    public void Status_OfThePolicy_IsTheHealth(string? revision, string? failure, HealthStatus expected)
    {
        var result = Health.PolicyHealthCheck.Of(new PolicyStatus(revision, default, failure), HealthStatus.Unhealthy);

        Assert.That(result.Status, Is.EqualTo(expected));
    }

    private static Task<GuardedApp> Start() => GuardedApp.StartAsync(
        GuardedApp.Policy("words", """["pre_request"]"""),
        [ProbePlugin.Words()],
        static e => e.MapHealthChecks("/healthz"),
        services: static s => s.AddHealthChecks().AddAiGuardrails());
}
