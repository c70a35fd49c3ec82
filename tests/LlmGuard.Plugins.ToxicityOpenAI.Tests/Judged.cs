using LlmGuard.FakeClouds.OpenAI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ToxicityOpenAI.Tests;

/// <summary>The plugin as an application gets it, before the fake.</summary>
internal sealed class Judged : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Judged(FakeOpenAIModerations fake, ServiceProvider services) => (Fake, _services) = (fake, services);

    public FakeOpenAIModerations Fake { get; }

    public IGuardrailPlugin Plugin => _services.GetServices<IGuardrailPlugin>().Single();

    public static async Task<Judged> StartAsync()
    {
        var fake = new FakeOpenAIModerations();
        await fake.StartAsync();
        return new Judged(fake, Services());
    }

    /// <summary>The plugin alone.</summary>
    public static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddAiGuardrails().AddToxicityOpenAI().AddToxicityOpenAI();
        return services.BuildServiceProvider();
    }

    /// <summary>Judges with settings beyond key and endpoint.</summary>
    public async Task<GuardrailVerdict> JudgeAsync(GuardrailContent content, string settings = "", GuardrailStage stage = GuardrailStage.PreRequest)
    {
        var read = GuardrailSettings.Parse($$"""
            { "api_key": "{{FakeOpenAIModerations.Key}}", "endpoint": "{{Fake.Endpoint}}", "allow_private_endpoints": true, "retries": 0 {{(settings.Length == 0 ? "" : ", " + settings)}} }
            """);
        var evaluator = Plugin.Create(read);
        Assert.That(read.Problems, Is.Empty);
        return await evaluator.EvaluateAsync(new GuardrailCall(stage, content) { Timeout = TimeSpan.FromSeconds(20) }, default);
    }

    public Task<GuardrailVerdict> JudgeAsync(string text, string settings = "") =>
        JudgeAsync(GuardrailContent.FromText(text, SegmentRole.User), settings);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Fake.DisposeAsync();
    }
}
