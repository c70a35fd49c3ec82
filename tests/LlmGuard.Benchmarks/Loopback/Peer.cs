using System.Globalization;
using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Cases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Benchmarks.Loopback;

/// <summary>The other process: a static upstream, and a client that sends what it is told to on its standard input.</summary>
internal static class Peer
{
    public const string Done = "done";
    private const int Connections = 8;

    public static async Task RunAsync()
    {
        await using var upstream = await StartUpstreamAsync();
        await Console.Out.WriteLineAsync(upstream.Urls.First());
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        var bodies = new Dictionary<(int, bool), IReadOnlyList<byte[]>>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var request = LoadRequest.Parse(line);
            if (!bodies.TryGetValue((request.Size, request.IsDirty), out var rotated))
            {
                rotated = request.IsDirty ? ChatBodies.Dirty(request.Size) : ChatBodies.Clean(request.Size);
                bodies.Add((request.Size, request.IsDirty), rotated);
            }

            await LoadAsync(client, request, rotated);
            await Console.Out.WriteLineAsync(Done);
        }
    }

    private static async Task LoadAsync(HttpClient client, LoadRequest request, IReadOnlyList<byte[]> bodies)
    {
        var target = new Uri($"http://127.0.0.1:{request.Port}{ChatText.Path}");
        var left = request.Count;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => SendAsync()));

        async Task SendAsync()
        {
            int number;
            while ((number = Interlocked.Decrement(ref left)) >= 0)
            {
                using var content = new ByteArrayContent(bodies[number % bodies.Count]);
                content.Headers.ContentType = new("application/json");
                content.Headers.Add(LoadRequest.EventsHeader, request.Events.ToString(CultureInfo.InvariantCulture));
                using var response = await client.PostAsync(target, content);
                response.EnsureSuccessStatusCode();
                await response.Content.ReadAsByteArrayAsync();
            }
        }
    }

    /// <summary>Sends each event by itself, as models do.</summary>
    private static async Task StreamAsync(HttpResponse response, int events)
    {
        response.ContentType = "text/event-stream";
        for (var n = 0; n < events; n++)
        {
            await response.Body.WriteAsync(ChatEvents.All[n % ChatEvents.All.Count]);
            await response.Body.FlushAsync();
        }

        await response.Body.WriteAsync("data: [DONE]\n\n"u8.ToArray());
    }

    private static async Task<WebApplication> StartUpstreamAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (int.Parse(context.Request.Headers[LoadRequest.EventsHeader].ToString(), CultureInfo.InvariantCulture) is > 0 and var events)
            {
                await StreamAsync(context.Response, events);
                return;
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = ChatAnswer.Json.Length;
            await context.Response.Body.WriteAsync(ChatAnswer.Json);
        });
        await app.StartAsync();
        return app;
    }
}
