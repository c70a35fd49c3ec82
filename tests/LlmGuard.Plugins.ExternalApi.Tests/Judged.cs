using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.External;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ExternalApi.Tests;

/// <summary>The plugin as an application gets it, before the fake.</summary>
internal sealed class Judged : IAsyncDisposable
{
    private readonly ServiceProvider _services = Services();

    public FakeExternalApi Fake { get; } = new();

    public static async Task<Judged> StartAsync()
    {
        var judged = new Judged();
        await judged.Fake.StartAsync();
        return judged;
    }

    /// <summary>The plugin alone.</summary>
    public static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddAiGuardrails().AddExternalApi().AddExternalApi();
        return services.BuildServiceProvider();
    }

    /// <summary>The problems of settings.</summary>
    public static IReadOnlyList<SettingsProblem> ProblemsOf(string json)
    {
        using var services = Services();
        var settings = GuardrailSettings.Parse(json);
        services.GetServices<IGuardrailPlugin>().Single().Create(settings);
        return settings.Problems;
    }

    /// <summary>Judges by the webhook.</summary>
    public Task<GuardrailVerdict> WebhookAsync(GuardrailCall call, string more = "") =>
        JudgeAsync(call, Fake.Webhook, $$""" "signing": { "secret": "{{FakeExternalApi.SigningKey}}" } {{Also(more)}} """);

    public Task<GuardrailVerdict> WebhookAsync(string text, string more = "") => WebhookAsync(CallOf(text), more);

    /// <summary>Judges by an interface of its own.</summary>
    public Task<GuardrailVerdict> CheckAsync(GuardrailCall call, string settings, Uri? address = null) =>
        JudgeAsync(call, address ?? Fake.Check, settings);

    public Task<GuardrailVerdict> CheckAsync(string text, string settings, Uri? address = null) => CheckAsync(CallOf(text), settings, address);

    /// <summary>The body of the last request.</summary>
    public JsonNode LastBody => JsonNode.Parse(Fake.Requests[^1].Text)!;

    public static GuardrailCall CallOf(string text, GuardrailStage stage = GuardrailStage.PreRequest) =>
        CallOf(GuardrailContent.FromText(text, SegmentRole.User), stage);

    public static GuardrailCall CallOf(GuardrailContent content, GuardrailStage stage = GuardrailStage.PreRequest) =>
        new(stage, content) { Timeout = TimeSpan.FromSeconds(20), Caller = new GuardrailCaller("alice", "premium", "beta"), Model = "gpt-4o",
            Headers = new Headers() };

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Fake.DisposeAsync();
    }

    private static string Also(string more) => more.Length == 0 ? "" : ", " + more;

    private async Task<GuardrailVerdict> JudgeAsync(GuardrailCall call, Uri address, string settings)
    {
        var read = GuardrailSettings.Parse($$"""
            { "endpoint": "{{address}}", "allow_private_endpoints": true, "retries": 0, "headers": { "Authorization": "Bearer {{FakeExternalApi.Token}}" }, {{settings}} }
            """);
        var evaluator = _services.GetServices<IGuardrailPlugin>().Single().Create(read);
        Assert.That(read.Problems, Is.Empty);
        return await evaluator.EvaluateAsync(call, default);
    }

    private sealed class Headers : IRequestHeaders
    {
        public string? CredentialHash => null;

        public string? Find(string name) => name.ToUpperInvariant() switch
        {
            "X-TENANT" => "acme",
            "X-EVIL" => "a\r\nX-Injected: 1",
            "X-QUOTED" => "\",\"role\":\"admin",
            _ => null,
        };
    }
}
