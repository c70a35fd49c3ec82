using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;
using LlmGuard.Remote.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Remote.Tests.Doubles;

/// <summary>A fake judge and an evaluator that asks it, with the application's real clients.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Bench(EchoCloud cloud, ServiceProvider services) => (Cloud, _services) = (cloud, services);

    public EchoCloud Cloud { get; }

    public JudgeRuntime Runtime => _services.GetRequiredService<JudgeRuntime>();

    public JudgeGates Gates => _services.GetRequiredService<JudgeGates>();

    public static async Task<Bench> StartAsync(TimeProvider? time = null)
    {
        var cloud = new EchoCloud();
        await cloud.StartAsync();
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddAiGuardrails().AddRemoteJudge<NoPlugin>("echo");
        return new Bench(cloud, services.BuildServiceProvider());
    }

    public JudgeSettings Settings(Uri? endpoint = null) => new() { Plugin = "echo", Endpoint = endpoint ?? Cloud.Address, AllowPrivate = true };

    public RemoteEvaluator Evaluator(JudgeSettings? settings = null, IJudgeCredential? credential = null, TextLimit? limit = null,
        Uri? address = null) => new(
        Runtime,
        settings ?? Settings(),
        credential ?? NoCredential.Instance,
        new EchoJudge(address ?? Cloud.Address, limit));

    public static GuardrailCall Call(string text, TimeSpan? timeout = null, string? consumer = null) =>
        new(GuardrailStage.PreRequest, GuardrailContent.FromText(text, SegmentRole.User))
    {
        Timeout = timeout ?? TimeSpan.FromSeconds(20),
        Caller = new GuardrailCaller(consumer),
    };

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Cloud.DisposeAsync();
    }

    private sealed class NoPlugin : IGuardrailPlugin
    {
        public GuardrailPluginMetadata Metadata { get; } = new("echo");

        public IGuardrailEvaluator Create(GuardrailSettings settings) => throw new NotSupportedException();
    }
}
