using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.Integration.Tests.Harness;

/// <summary>Stands where the model would be, notes what reaches it and answers what it is told to.</summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> _requests = new();
    private LoopbackApp? _app;

    public Uri Url => _app!.Url;

    public IReadOnlyList<Received> Requests => [.. _requests];

    /// <summary>Starts one that answers by a function of what it received; by default with an empty JSON object.</summary>
    public static async Task<RecordingUpstream> StartAsync(Func<HttpContext, Received, Task>? answer = null)
    {
        var upstream = new RecordingUpstream();
        upstream._app = await LoopbackApp.StartAsync(static _ => { }, app => app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var received = new Received(
                context.Request.Method,
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                body.ToArray(),
                context.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            upstream._requests.Enqueue(received);
            await (answer ?? JsonAsync("{}"))(context, received);
        }));
        return upstream;
    }

    public static Func<HttpContext, Received, Task> JsonAsync(string json) => (context, _) =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    };

    public ValueTask DisposeAsync() => _app!.DisposeAsync();
}

/// <summary>One request as it arrived.</summary>
internal sealed record Received(string Method, string RawTarget, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}
