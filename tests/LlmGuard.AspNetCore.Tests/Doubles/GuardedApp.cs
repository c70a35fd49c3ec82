using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.AspNetCore.Tests.Doubles;

/// <summary>An application on a real socket, guarded by a policy.</summary>
internal sealed class GuardedApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GuardedApp(WebApplication app)
    {
        _app = app;
        Client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public int Port => Client.BaseAddress!.Port;

    public static async Task<GuardedApp> StartAsync(
        string policy,
        IGuardrailPlugin[] plugins,
        Action<WebApplication> endpoints,
        Action<WebApplication>? before = null,
        Action<IServiceCollection>? services = null,
        Action<KestrelServerOptions>? kestrel = null)
    {
        var app = Build(policy, plugins, endpoints, before, services, kestrel);
        await app.StartAsync();
        return new GuardedApp(app);
    }

    /// <summary>An application that masks and blocks words, and answers with what reaches its endpoint.</summary>
    public static Task<GuardedApp> EchoAsync(string policy, Func<HttpContext, RequestDelegate, Task>? before = null) => StartAsync(
        policy,
        [ProbePlugin.Words()],
        e => e.MapPost("/echo", async (HttpContext c) =>
        {
            var bytes = new MemoryStream();
            await c.Request.Body.CopyToAsync(bytes);
            c.Response.Headers["X-Seen"] = $"{c.Request.ContentLength}|{c.Request.Headers.ContentEncoding}|{c.Request.Headers.TransferEncoding}";
            await c.Response.Body.WriteAsync(bytes.ToArray());
        }),
        before is null ? null : app => app.Use(before));

    public static WebApplication Build(
        string policy,
        IGuardrailPlugin[] plugins,
        Action<WebApplication> endpoints,
        Action<WebApplication>? before = null,
        Action<IServiceCollection>? services = null,
        Action<KestrelServerOptions>? kestrel = null,
        Action<WebApplication>? pipeline = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            kestrel?.Invoke(options);
            options.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddAiGuardrails(options => options.PolicyJson = policy);
        foreach (var plugin in plugins)
        {
            builder.Services.AddSingleton(plugin);
        }

        services?.Invoke(builder.Services);
        var app = builder.Build();
        before?.Invoke(app);
        if (pipeline is null)
        {
            app.UseRouting();
            app.UseAiGuardrails();
        }
        else
        {
            pipeline(app);
        }

        endpoints(app);
        return app;
    }

    /// <summary>A policy with one gateway entry.</summary>
    public static string Policy(string plugin, string stages, string rest = "") =>
        $$"""{ "gateway": { "name": "Gateway", "required_plugins": [ { "name": "{{plugin}}", "stage": {{stages}} {{rest}} } ] } }""";

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
