using LlmGuard.Benchmarks.Policies;
using LlmGuard.Gateway.Forwarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Benchmarks.Loopback;

/// <summary>The example's forwarder on a free port, guarded when a policy is given.</summary>
internal sealed class ForwarderApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ForwarderApp(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<ForwarderApp> StartAsync(Uri upstream, string? policy)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (policy is not null)
        {
            Engine.Add(builder.Services, policy);
        }

        var app = builder.Build();
        if (policy is not null)
        {
            app.UseAiGuardrails();
        }

        app.Run(new Forwarder(upstream).ForwardAsync);
        await app.StartAsync();
        return new ForwarderApp(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
