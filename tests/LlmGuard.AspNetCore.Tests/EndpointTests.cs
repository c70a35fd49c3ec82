using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

public class EndpointTests
{
    private const string Policy = """
        {
          "gateway": { "name": "g", "required_plugins": [ { "name": "locked", "id": "l", "locked": true }, { "name": "open" } ] },
          "services": [ { "id": "model", "required_plugins": [ { "name": "words" } ] } ]
        }
        """;

    [Test]
    public async Task WithAiGuardrails_AddsTheEntriesOfTheService()
    {
        await using var app = await Start(e =>
        {
            e.MapPost("/model", () => "ok").WithAiGuardrails("model");
            e.MapPost("/plain", () => "ok");
        });

        var guarded = await app.Client.PostAsync("/model", Replies.Text("forbidden")).Read();
        var plain = await app.Client.PostAsync("/plain", Replies.Text("forbidden")).Read();

        Assert.That((guarded.Status, plain.Status), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.OK)));
    }

    [Test]
    public async Task DisableAiGuardrails_LeavesTheLockedEntries()
    {
        var locked = ProbePlugin.Words("locked");
        var open = ProbePlugin.Allowing("open");
        await using var app = await Start(e => e.MapPost("/off", () => "ok").DisableAiGuardrails(), locked, open);

        var fine = await app.Client.PostAsync("/off", Replies.Text("fine")).Read();
        var blocked = await app.Client.PostAsync("/off", Replies.Text("forbidden")).Read();

        Assert.That((fine.Status, blocked.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
        Assert.That(open.Calls, Is.Empty);
        Assert.That(locked.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task InnermostMetadata_Counts()
    {
        var open = ProbePlugin.Allowing("open");
        await using var app = await Start(
            e =>
            {
                var group = e.MapGroup("/group").DisableAiGuardrails();
                group.MapPost("/off", () => "ok");
                group.MapPost("/on", () => "ok").WithAiGuardrails("model");
            },
            open: open);

        var off = await app.Client.PostAsync("/group/off", Replies.Text("forbidden")).Read();
        var on = await app.Client.PostAsync("/group/on", Replies.Text("forbidden")).Read();

        Assert.That((off.Status, on.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task UnknownService_StopsTheStart()
    {
        await using var app = GuardedApp.Build(Policy, Plugins(), e => e.MapPost("/x", () => "ok").WithAiGuardrails("modle"));

        Assert.That(async () => await app.StartAsync(), Throws.InvalidOperationException.With.Message.Contains("\"modle\""));
    }

    [Test]
    public async Task MissingMiddleware_IsAnErrorAndNotAnOpenDoor()
    {
        await using var app =
            GuardedApp.Build(Policy, Plugins(), e => e.MapPost("/x", () => "ok").WithAiGuardrails("model"), pipeline: static _ => { });
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var (status, _) = await client.PostAsync("/x", Replies.Text("forbidden")).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.InternalServerError));
    }

    [Test]
    public async Task MiddlewareBeforeRouting_IsAnErrorForEndpointsWithMetadata()
    {
        Exception? seen = null;
        await using var app = GuardedApp.Build(
            Policy,
            Plugins(),
            e => e.MapPost("/x", () => "ok").WithAiGuardrails("model"),
            pipeline: a =>
            {
                a.Use(async (c, next) =>
                {
                    try
                    {
                        await next(c);
                    }
                    catch (InvalidOperationException exception)
                    {
                        seen = exception;
                    }
                });
                a.UseAiGuardrails();
                a.UseRouting();
            });
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        await client.PostAsync("/x", Replies.Text("fine")).Read();

        Assert.That(seen?.Message, Does.Contain("UseRouting"));
    }

    [Test]
    public void UnregisteredGuardrails_AreAnError()
    {
        var builder = WebApplication.CreateSlimBuilder();
        using var app = (IDisposable)builder.Build();

        Assert.That(() => ((WebApplication)app).UseAiGuardrails(), Throws.InvalidOperationException.With.Message.Contains("AddAiGuardrails"));
    }

    [Test]
    public async Task PathEdit_ReachesTheRouteValues()
    {
        var words = ProbePlugin.Allowing("open");
        var probe = new ProbePlugin("words", static (_, _) => ValueTask.FromResult(GuardrailVerdict.Modify([new RequestChange.Model("other")])));
        await using var app = await GuardedApp.StartAsync(
            Policy,
            [ProbePlugin.Words("locked"), words, probe],
            e => e.MapPost("/v1beta/models/{model}:generateContent", (string model, HttpContext c) => $"{model} {c.Request.Path}")
                .WithAiGuardrails("model"));

        var (status, body) = await app.Client.PostAsync("/v1beta/models/first:generateContent", Replies.Json("""{"a":"b"}""")).Read();

        Assert.That((status, body), Is.EqualTo((HttpStatusCode.OK, "other /v1beta/models/other:generateContent")));
    }

    private static Task<GuardedApp> Start(Action<WebApplication> endpoints, ProbePlugin? locked = null, ProbePlugin? open = null) =>
        GuardedApp.StartAsync(Policy, Plugins(locked, open), endpoints);

    private static IGuardrailPlugin[] Plugins(ProbePlugin? locked = null, ProbePlugin? open = null) =>
        [locked ?? ProbePlugin.Allowing("locked"), open ?? ProbePlugin.Allowing("open"), ProbePlugin.Words()];
}
