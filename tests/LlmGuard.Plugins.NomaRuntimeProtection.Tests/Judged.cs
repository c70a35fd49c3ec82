using LlmGuard.FakeClouds.Noma;
using LlmGuard.Tests.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

/// <summary>The plugin as an application gets it, before the fake.</summary>
internal sealed class Judged : IAsyncDisposable
{
    private readonly LogLines _log = new();
    private readonly ServiceProvider _services;

    private Judged(FakeNoma fake)
    {
        Fake = fake;
        _services = Services(_log);
    }

    public FakeNoma Fake { get; }

    /// <summary>What was logged.</summary>
    public IReadOnlyList<string> Log => [.. _log.Lines];

    public static async Task<Judged> StartAsync()
    {
        var fake = new FakeNoma();
        await fake.StartAsync();
        return new Judged(fake);
    }

    /// <summary>The plugin alone.</summary>
    public static ServiceProvider Services(ILoggerProvider? log = null)
    {
        var services = new ServiceCollection();
        services.AddAiGuardrails().AddNomaRuntimeProtection().AddNomaRuntimeProtection();
        services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Trace);
            if (log is not null)
            {
                logging.AddProvider(log);
            }
        });
        return services.BuildServiceProvider();
    }

    /// <summary>Makes an evaluator with settings beyond the endpoint; the API key unless they say how to prove who asks.</summary>
    public IGuardrailEvaluator Evaluator(string settings = "", Uri? endpoint = null)
    {
        var credential = settings.Contains("client_id", StringComparison.Ordinal) || settings.Contains("api_key", StringComparison.Ordinal)
            ? "" : $"\"api_key\": \"{FakeNoma.Key}\",";
        var read = GuardrailSettings.Parse($$"""
            { {{credential}} "endpoint": "{{endpoint ?? Fake.Address}}", "allow_private_endpoints": true, "retries": 0 {{(settings.Length == 0 ? "" : ", " + settings)}} }
            """);
        var evaluator = _services.GetServices<IGuardrailPlugin>().Single().Create(read);
        Assert.That(read.Problems, Is.Empty);
        return evaluator;
    }

    public async Task<GuardrailVerdict> JudgeAsync(
        GuardrailContent content,
        string settings = "",
        GuardrailStage stage = GuardrailStage.PreRequest) =>
        await Evaluator(settings).EvaluateAsync(Call(content, stage), default);

    public Task<GuardrailVerdict> JudgeAsync(string text, string settings = "") =>
        JudgeAsync(GuardrailContent.FromText(text, SegmentRole.User), settings);

    public static GuardrailCall Call(GuardrailContent content, GuardrailStage stage = GuardrailStage.PreRequest) =>
        new(stage, content) { Timeout = TimeSpan.FromSeconds(20), Caller = new GuardrailCaller("alice") };

    public static GuardrailCall Call(string text) => Call(GuardrailContent.FromText(text, SegmentRole.User));

    /// <summary>Messages, each with a position of its own.</summary>
    public static GuardrailContent Conversation(params (SegmentRole Role, string Text)[] messages)
    {
        var builder = new GuardrailContentBuilder();
        for (var i = 0; i < messages.Length; i++)
        {
            builder.AddText(
                messages[i].Text, new SegmentInfo { Role = messages[i].Role, Kind = SegmentKind.Message, Position = new SegmentPosition(i) });
        }

        return builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Fake.DisposeAsync();
    }
}
