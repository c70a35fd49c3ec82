using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Tests;

public class HealthTests
{
    [Test]
    public async Task Policy_InForce_IsHealthy()
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("words", """["pre_request"]"""),
            [ProbePlugin.Words()],
            static e => e.MapHealthChecks("/healthz"),
            services: static s => s.AddHealthChecks().AddAiGuardrails());

        var (status, body) = await app.Client.GetAsync("/healthz").Read();

        Assert.That((status, body), Is.EqualTo((HttpStatusCode.OK, "Healthy")));
    }
}
