using LlmGuard.Gateway.Forwarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Harness;

/// <summary>The forwarder of the gateway example behind the guardrails, in this process.</summary>
internal sealed class GuardedGateway : IAsyncDisposable
{
    private readonly LoopbackApp _app;
    private readonly Forwarder _forwarder;

    private GuardedGateway(LoopbackApp app, Forwarder forwarder)
    {
        _app = app;
        _forwarder = forwarder;
        Client = new HttpClient { BaseAddress = app.Url, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Url => _app.Url;

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<GuardedGateway> StartAsync(
        RecordingUpstream upstream,
        string? policy,
        IEnumerable<IGuardrailPlugin> plugins,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? before = null,
        Action<AiGuardrailsOptions>? options = null)
    {
        var forwarder = new Forwarder(upstream.Url);
        var app = await LoopbackApp.StartAsync(
            builder =>
            {
                var guardrails = builder.Services.AddAiGuardrails(o =>
                {
                    o.PolicyJson = policy;
                    options?.Invoke(o);
                });
                guardrails.AddDataMasking().AddPromptModeration().AddRequestSizeLimiter();
                foreach (var plugin in plugins)
                {
                    builder.Services.AddSingleton(plugin);
                }

                build?.Invoke(builder);
            },
            app =>
            {
                app.UseRouting();
                before?.Invoke(app);
                app.UseAiGuardrails();
                app.Run(forwarder.ForwardAsync);
            });
        return new GuardedGateway(app, forwarder);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _forwarder.Dispose();
    }
}
