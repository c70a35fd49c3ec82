using Azure.Core;
using LlmGuard.FakeClouds.Azure;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>The plugin as an application gets it, before the fake.</summary>
internal sealed class Judged : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Judged(FakeAzureContentSafety fake, ServiceProvider services) => (Fake, _services) = (fake, services);

    public FakeAzureContentSafety Fake { get; }

    public IGuardrailPlugin Plugin => _services.GetServices<IGuardrailPlugin>().Single();

    public static async Task<Judged> StartAsync(TokenCredential? credential = null)
    {
        var fake = new FakeAzureContentSafety();
        await fake.StartAsync();
        return new Judged(fake, Services(credential));
    }

    /// <summary>The plugin alone.</summary>
    public static ServiceProvider Services(TokenCredential? credential = null)
    {
        var services = new ServiceCollection();
        var builder = services.AddAiGuardrails().AddToxicityAzure().AddToxicityAzure();
        if (credential is not null)
        {
            builder.AddToxicityAzure(credential);
        }

        return services.BuildServiceProvider();
    }

    /// <summary>An evaluator with settings beyond endpoint and key; the key is left out with an identity.</summary>
    public IGuardrailEvaluator Evaluator(string settings = "")
    {
        var key = settings.Contains("entra_id", StringComparison.Ordinal) ? "" : $"\"api_key\": \"{FakeAzureContentSafety.Key}\", ";
        var endpoint = settings.Contains("endpoints", StringComparison.Ordinal) ? "" : $"\"endpoint\": \"{Fake.Address}\", ";
        var retries = settings.Contains("retries", StringComparison.Ordinal) ? "" : "\"retries\": 0, ";
        var read = GuardrailSettings.Parse(
            $"{{ {key}{endpoint}{retries}\"allow_private_endpoints\": true{(settings.Length == 0 ? "" : ", " + settings)} }}");
        var evaluator = Plugin.Create(read);
        Assert.That(read.Problems, Is.Empty);
        return evaluator;
    }

    public async Task<GuardrailVerdict> JudgeAsync(
        GuardrailContent content,
        string settings = "",
        GuardrailStage stage = GuardrailStage.PreRequest) =>
        await Evaluator(settings).EvaluateAsync(new GuardrailCall(stage, content) { Timeout = TimeSpan.FromSeconds(20) }, default);

    public Task<GuardrailVerdict> JudgeAsync(string text, string settings = "", GuardrailStage stage = GuardrailStage.PreRequest) =>
        JudgeAsync(GuardrailContent.FromText(text, SegmentRole.User), settings, stage);

    /// <summary>Content of messages, one text each.</summary>
    public static GuardrailContent Texts(params (SegmentRole Role, SegmentKind Kind, string Text)[] texts)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var (role, kind, text) in texts)
        {
            builder.AddText(text, new SegmentInfo { Role = role, Kind = kind });
        }

        return builder.Build();
    }

    /// <summary>The bodies of the requests to an operation.</summary>
    public IReadOnlyList<System.Text.Json.JsonElement> Asked(string operation) =>
        [.. Fake.Requests.Where(r => r.Path == "/contentsafety/" + operation).Select(r => r.Json()!.Value)];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Fake.DisposeAsync();
    }
}
