using System.Net;
using System.Text;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.OpenAI;
using LlmGuard.Remote.Transport;
using LlmGuard.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Judges.Tests.Health;

/// <summary>A judge that fails and comes back, as a load balancer sees it that asks for the health of a guarded application.</summary>
[CancelAfter(60_000)]
public sealed class BreakerHealthTests
{
    private static readonly Fault Unavailable = Fault.Instead(503, "{}");

    [Test]
    public async Task JudgeThatFails_HealthShowsTheOpenBreaker_AndThatItIsTriedAgain_AndRecovers()
    {
        var time = new ManualTime();
        await using var judge = new FakeOpenAIModerations();
        await judge.StartAsync();
        await using var app = Build(judge.Address, time);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var before = await HealthAsync(client);

        judge.Faults.Always = Unavailable;
        for (var i = 0; i < JudgeGate.MinimumThroughput; i++)
        {
            Assert.That(await AskAsync(client, "hello"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        }

        var open = await HealthAsync(client);
        var asked = judge.RequestCount;
        Assert.That(await AskAsync(client, "hello"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(judge.RequestCount, Is.EqualTo(asked), "an open breaker lets nothing through");

        judge.Faults.Always = null;
        time.Advance(JudgeGate.BreakDuration);
        var again = await HealthAsync(client);
        var blocked = await AskAsync(client, "please " + FakeOpenAIModerations.TriggerOf("violence"));

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.EqualTo((HttpStatusCode.OK, "Healthy")));
            Assert.That(open, Is.EqualTo((HttpStatusCode.ServiceUnavailable, "Unhealthy")));
            Assert.That(again, Is.EqualTo((HttpStatusCode.OK, "Degraded")), "or no call would ever come that could close it");
            Assert.That(blocked, Is.EqualTo(HttpStatusCode.Forbidden));
        });
        Assert.That(await HealthAsync(client), Is.EqualTo((HttpStatusCode.OK, "Healthy")));
    }

    [Test]
    public async Task JudgeThatRefusesContent_StaysHealthy()
    {
        await using var judge = new FakeOpenAIModerations();
        await judge.StartAsync();
        await using var app = Build(judge.Address, TimeProvider.System);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        judge.Faults.Always = Fault.Instead(413, "{}");
        for (var i = 0; i < 2 * JudgeGate.MinimumThroughput; i++)
        {
            Assert.That(await AskAsync(client, "hello"), Is.EqualTo(HttpStatusCode.Forbidden));
        }

        Assert.That(await HealthAsync(client), Is.EqualTo((HttpStatusCode.OK, "Healthy")), "whoever writes texts must not open a breaker");
    }

    private static WebApplication Build(Uri judge, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(time);
        builder.Services.AddAiGuardrails(options => options.PolicyJson = $$"""
            { "gateway": { "name": "G", "required_plugins": [ { "name": "toxicity_openai", "stage": "pre_request", "settings": {
              "api_key": "{{FakeOpenAIModerations.Key}}", "endpoint": "{{new Uri(judge, "v1")}}", "allow_private_endpoints": true, "retries": 0 } } ] } }
            """).AddToxicityOpenAI();
        builder.Services.AddHealthChecks().AddAiGuardrails().AddGuardrailJudge("toxicity_openai", HealthStatus.Unhealthy);
        var app = builder.Build();
        app.MapHealthChecks("/healthz");
        app.UseRouting();
        app.UseWhen(static context => context.Request.Method == "POST", static guarded => guarded.UseAiGuardrails());
        app.MapPost("/v1/chat/completions", static (HttpContext context) => context.Response.WriteAsync("fine"));
        return app;
    }

    private static async Task<(HttpStatusCode Status, string Body)> HealthAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/healthz", UriKind.Relative));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        return (response.StatusCode, await reader.ReadToEndAsync());
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string text)
    {
        using var content =
            new StringContent($$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);
        return response.StatusCode;
    }
}
