using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>A monitoring entry changes nothing, whatever it could not read.</summary>
public sealed class MonitorTests
{
    private const string OfRequest = """{ "name": "words", "stage": ["pre_request"] """;
    private const string WatchedRequest = """{ "name": "watch", "mode": "monitor", "stage": ["pre_request"] """;
    private const string WatchedAnswer = """{ "name": "watch", "mode": "monitor", "stage": ["pre_response"] """;
    private const string OfAnswer = """{ "name": "words", "stage": ["pre_response"] """;

    [TestCase("text", "path_and_query", HttpStatusCode.OK)]
    [TestCase("forbidden", "path_and_query", HttpStatusCode.Forbidden)]
    [TestCase("text", "path_and_query\", \"headers", HttpStatusCode.OK)]
    public async Task UnreadableQuery_ThatOnlyAMonitorReads_LeavesTheBodyToTheOthers(string text, string sources, HttpStatusCode expected)
    {
        await using var app = await Start(OfRequest + """, "sources": ["body"] }""", WatchedRequest + $", \"sources\": [\"{sources}\"] }}");

        var (status, _) = await app.Client.PostAsync("/echo?q=%ff", Replies.Text(text)).Read();

        Assert.That(status, Is.EqualTo(expected));
    }

    [Test]
    public async Task UnreadableQuery_ThatAnEnforcingEntryReadsToo_IsRefused()
    {
        await using var app = await Start(
            OfRequest + """, "sources": ["body", "path_and_query"] }""", WatchedRequest + """, "sources": ["path_and_query"] }""");

        var (status, _) = await app.Client.PostAsync("/echo?q=%ff", Replies.Text("text")).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCase("text", HttpStatusCode.OK)]
    [TestCase("forbidden", HttpStatusCode.Forbidden)]
    public async Task UnreadableAnswer_ThatOnlyAMonitorReads_LeavesTheHeadersToTheOthers(string header, HttpStatusCode expected)
    {
        await using var app = await Start(OfAnswer + """, "sources": ["headers"] }""", WatchedAnswer + """, "sources": ["body"] }""");

        using var response = await app.Client.GetAsync("/broken?header=" + header);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
        Assert.That(await Replies.Body(response) == "{\"cut", Is.EqualTo(expected == HttpStatusCode.OK));
    }

    [Test]
    public async Task UnreadableAnswer_WithAHeaderThatIsMasked_LeavesWithTheMask()
    {
        await using var app = await Start(OfAnswer + """, "sources": ["headers"] }""", WatchedAnswer + """, "sources": ["body"] }""");

        using var response = await app.Client.GetAsync("/broken?header=secret");

        Assert.That(response.Headers.GetValues("X-Says"), Is.EqualTo(new[] { "******" }));
        Assert.That(await Replies.Body(response), Is.EqualTo("{\"cut"));
    }

    [Test]
    public async Task UnreadableAnswer_ThatAnEnforcingEntryReadsToo_IsRefused()
    {
        await using var app = await Start(OfAnswer + """, "sources": ["headers", "body"] }""", WatchedAnswer + """, "sources": ["body"] }""");

        using var response = await app.Client.GetAsync("/broken?header=text");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
    }

    private static Task<GuardedApp> Start(params string[] entries) => GuardedApp.StartAsync(
        $$"""{ "gateway": { "name": "g", "required_plugins": [ {{string.Join(',', entries)}} ] } }""",
        [ProbePlugin.Words(), ProbePlugin.Words("watch")],
        static app =>
        {
            app.MapPost("/echo", async (HttpContext c) => await c.Request.Body.CopyToAsync(c.Response.Body));
            app.MapGet("/broken", static async (HttpContext c) =>
            {
                c.Response.Headers["X-Says"] = c.Request.Query["header"];
                c.Response.ContentType = "application/json";
                await c.Response.WriteAsync("{\"cut");
            });
        });
}
