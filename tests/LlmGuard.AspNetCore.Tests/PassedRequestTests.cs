using LlmGuard.AspNetCore.Tests.Doubles;
using LlmGuard.Tests.Allocation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Tests;

public class PassedRequestTests
{
    private const string Rule =
        """{ "gateway": {}, "rules": [ { "path": "/guarded", "plugin_chain": [ { "name": "words", "stage": ["pre_request"] } ] } ] }""";

    // Measured: 176 bytes. They are the id, the feature that tells it, and the policy in force while it is asked.
    [Test]
    public async Task Invoke_ScopeWithoutEntries_MakesLittleMoreThanAnId()
    {
        await using var services = new ServiceCollection().AddLogging().AddAiGuardrails(o => o.PolicyJson = Rule).Services
            .AddSingleton<IGuardrailPlugin>(ProbePlugin.Words()).BuildServiceProvider();
        var pipeline = new ApplicationBuilder(services).UseAiGuardrails();
        pipeline.Run(static _ => Task.CompletedTask);
        var (run, context) = (pipeline.Build(), new DefaultHttpContext());
        (context.Request.Method, context.Request.Path) = ("POST", "/open");
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/open";

        var isAnswered = true;
        var least = LeastAllocated.By(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                context.Features[typeof(IAiGuardrailsFeature)] = null;
                isAnswered &= run(context).IsCompletedSuccessfully;
            }
        }, 200 * 100);
        Assert.That(isAnswered);
        Assert.That(least / 100, Is.LessThanOrEqualTo(200));
    }

    [Test]
    public async Task Invoke_ScopeWithoutEntries_TellsItsIdAndItsScope()
    {
        await using var app = await GuardedApp.StartAsync(Rule, [ProbePlugin.Words()], e => e.MapPost("/open", (HttpContext c) =>
        {
            var feature = c.Features.Get<IAiGuardrailsFeature>()!;
            return $"{feature.CallId}|{feature.Scope.Rule}|{feature.Decisions.Count}|{feature.Revision.Length > 0}";
        }));

        using var response = await app.Client.PostAsync("/open", Replies.Text("a secret"));

        Assert.That(await Replies.Body(response), Is.EqualTo($"{response.Headers.GetValues("X-Guardrail-Id").Single()}||0|True"));
    }

    [Test]
    public async Task Invoke_SentToAGuardedPathInside_IsJudgedAsAnotherRequest()
    {
        string? inner = null;
        await using var app = await GuardedApp.StartAsync(
            Rule,
            [ProbePlugin.Words()],
            e =>
            {
                e.Use((c, next) =>
                {
                    c.Request.Path = "/guarded";
                    return next(c);
                });
                e.UseAiGuardrails();
                e.Run(async c =>
                {
                    inner = c.Features.Get<IAiGuardrailsFeature>()!.CallId;
                    await c.Request.Body.CopyToAsync(c.Response.Body);
                });
            });

        using var response = await app.Client.PostAsync("/open", Replies.Text("a secret"));

        Assert.That(await Replies.Body(response), Does.Not.Contain("secret"));
        Assert.That(response.Headers.GetValues("X-Guardrail-Id"), Is.EqualTo(new[] { inner }));
    }
}
