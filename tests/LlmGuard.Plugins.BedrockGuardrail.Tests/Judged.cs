using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Bedrock;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

/// <summary>The plugin as an application gets it, before the fake.</summary>
internal sealed class Judged : IAsyncDisposable
{
    /// <summary>The keys the fake accepts, as the guide writes them.</summary>
    public static readonly string Keys = KeysOf(FakeBedrockRuntime.Static);

    private readonly ServiceProvider _services;

    private Judged(FakeBedrockRuntime fake, ServiceProvider services) => (Fake, _services) = (fake, services);

    public FakeBedrockRuntime Fake { get; }

    public IGuardrailPlugin Plugin => _services.GetServices<IGuardrailPlugin>().Single();

    public static async Task<Judged> StartAsync(Action<IServiceCollection>? configure = null)
    {
        var fake = new FakeBedrockRuntime();
        await fake.StartAsync();
        return new Judged(fake, Services(configure));
    }

    /// <summary>The plugin alone.</summary>
    public static ServiceProvider Services(Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        configure?.Invoke(services);
        services.AddAiGuardrails().AddBedrockGuardrail().AddBedrockGuardrail();
        return services.BuildServiceProvider();
    }

    /// <summary>The object <c>credentials</c> with an identity's keys.</summary>
    public static string KeysOf(AwsIdentity identity)
    {
        var credentials = new JsonObject
        {
            ["aws_access_key"] = identity.AccessKey,
            ["aws_secret_key"] = identity.SecretKey,
            ["aws_region"] = FakeBedrockRuntime.Region,
        };
        if (identity.SessionToken is not null)
        {
            credentials["aws_session_token"] = identity.SessionToken;
        }

        return credentials.ToJsonString();
    }

    /// <summary>An evaluator with settings beyond endpoint, guardrail and credentials.</summary>
    public IGuardrailEvaluator Create(
        string settings = "",
        string? credentials = null,
        string operation = $"\"guardrail_id\": \"{FakeBedrockRuntime.GuardrailId}\"")
    {
        var read = GuardrailSettings.Parse($$"""
            { {{operation}}, "credentials": {{credentials ?? Keys}}, "endpoint": "{{Fake.Address}}", "allow_private_endpoints": true, "retries": 0 {{(settings.Length == 0 ? "" : ", " + settings)}} }
            """);
        var evaluator = Plugin.Create(read);
        Assert.That(read.Problems, Is.Empty);
        return evaluator;
    }

    public async Task<GuardrailVerdict> JudgeAsync(
        GuardrailContent content,
        string settings = "",
        GuardrailStage stage = GuardrailStage.PreRequest,
        GuardrailContent? request = null) =>
        await Create(settings).EvaluateAsync(Call(content, stage, request), default);

    public Task<GuardrailVerdict> JudgeAsync(string text, string settings = "", GuardrailStage stage = GuardrailStage.PreRequest) =>
        JudgeAsync(GuardrailContent.FromText(text, stage >= GuardrailStage.PreResponse ? SegmentRole.Assistant : SegmentRole.User), settings, stage);

    public static GuardrailCall Call(GuardrailContent content, GuardrailStage stage = GuardrailStage.PreRequest, GuardrailContent? request = null) =>
        new(stage, content) { Timeout = TimeSpan.FromSeconds(20), RequestContent = request };

    /// <summary>The texts after a verdict's edits.</summary>
    public static string[] Edited(GuardrailContent content, GuardrailVerdict verdict) => [.. content.Select(segment =>
    {
        var text = segment.Utf8.ToArray().AsSpan();
        var result = new List<byte>();
        var at = 0;
        foreach (var edit in verdict.Edits.Where(e => e.Segment == segment.Index).OrderBy(e => e.Span.Start))
        {
            result.AddRange(text[at..edit.Span.Start]);
            result.AddRange(System.Text.Encoding.UTF8.GetBytes(edit.Replacement.Value));
            at = edit.Span.End;
        }

        result.AddRange(text[at..]);
        return System.Text.Encoding.UTF8.GetString([.. result]);
    })];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Fake.DisposeAsync();
    }
}
