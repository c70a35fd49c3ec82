using LlmGuard.FakeClouds.NeuralTrust;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Tests;

/// <summary>The plugin as an application gets it, before the fake.</summary>
internal sealed class Judged : IAsyncDisposable
{
    /// <summary>Settings of each TrustGuard interface, credentials included.</summary>
    public const string Guard = $$""" "api": "guard", "token": "{{FakeNeuralTrust.Token}}" """;

    public const string GuardLegacy = $$""" "api": "guard_legacy", "token": "{{FakeNeuralTrust.Token}}" """;

    public const string Evaluate = $$"""
        "api": "evaluate", "client_id": "{{FakeNeuralTrust.ClientId}}", "client_secret": "{{FakeNeuralTrust.ClientSecret}}",
        "collector_id": "{{FakeNeuralTrust.CollectorId}}", "gateway_id": "{{FakeNeuralTrust.GatewayId}}"
        """;

    /// <summary>The firewall's settings up to the checks.</summary>
    public const string Firewall = $$""" "token": "{{FakeNeuralTrust.Token}}" """;

    private readonly ServiceProvider _services = Services();

    private Judged(FakeNeuralTrust fake) => Fake = fake;

    public FakeNeuralTrust Fake { get; }

    public static async Task<Judged> StartAsync()
    {
        var fake = new FakeNeuralTrust();
        await fake.StartAsync();
        return new Judged(fake);
    }

    /// <summary>The settings of an interface by its name, with the fake set to speak it.</summary>
    public string Speak(string api)
    {
        Fake.SpeaksLegacyGuard = api == "guard_legacy";
        return api switch
        {
            "guard" => Guard,
            "guard_legacy" => GuardLegacy,
            _ => Evaluate,
        };
    }

    public static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddAiGuardrails().AddNeuralTrustGuardrail().AddNeuralTrustGuardrail();
        return services.BuildServiceProvider();
    }

    public IGuardrailEvaluator Evaluator(string settings)
    {
        var read = GuardrailSettings.Parse($$"""{ "endpoint": "{{Fake.Address}}", "allow_private_endpoints": true, "retries": 0, {{settings}} }""");
        var evaluator = _services.GetServices<IGuardrailPlugin>().Single().Create(read);
        Assert.That(read.Problems, Is.Empty);
        return evaluator;
    }

    public async Task<GuardrailVerdict> JudgeAsync(GuardrailContent content, string settings, GuardrailStage stage = GuardrailStage.PreRequest) =>
        await Evaluator(settings).EvaluateAsync(Call(content, stage), default);

    public Task<GuardrailVerdict> JudgeAsync(string text, string settings) => JudgeAsync(GuardrailContent.FromText(text, SegmentRole.User), settings);

    public static GuardrailCall Call(GuardrailContent content, GuardrailStage stage = GuardrailStage.PreRequest) =>
        new(stage, content) { Timeout = TimeSpan.FromSeconds(20), Caller = new GuardrailCaller("alice"), Model = "gpt-4o",
            Dialect = "openai.chat_completions" };

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Fake.DisposeAsync();
    }
}
