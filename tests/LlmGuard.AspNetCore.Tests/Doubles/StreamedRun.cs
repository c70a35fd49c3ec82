using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Tests.Doubles;

/// <summary>Writes a stream: its first part, then, when the test says so, the rest.</summary>
public delegate Task Writer(HttpContext context, string text, Task goOn, string rest);

/// <summary>One stream: an endpoint that writes its first part, waits, and writes the rest.</summary>
internal sealed class StreamedRun : IAsyncDisposable
{
    public const string ChatPath = "/v1/chat/completions";

    public const string Done = "data: [DONE]\n\n";

    public const string SpanPolicy =
        """{ "gateway": { "name": "G", "required_plugins": [ { "name": "span_words" }, { "name": "watch", "stage": ["post_response"] } ] } }""";

    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GuardedApp _app = null!;
    private Stream _body = null!;

    public ProbePlugin Watch { get; } = ProbePlugin.Allowing("watch");

    public string Received { get; private set; } = "";

    public static string Event(string text) => $$$"""data: {"id":"c","choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]}""" + "\n\n";

    public static async Task<StreamedRun> StartAsync(
        Writer write,
        string[] first,
        string[] rest,
        Action<WebApplication>? before = null,
        Action<IServiceCollection>? services = null,
        Action<KestrelServerOptions>? kestrel = null,
        bool readsRequest = false)
    {
        var run = new StreamedRun();
        var stages = readsRequest ? """["pre_request", "post_response"]""" : """["post_response"]""";
        run._app = await GuardedApp.StartAsync(
            SpanPolicy.Replace("""["post_response"]""", stages, StringComparison.Ordinal),
            [new SpanWordsPlugin(), run.Watch],
            e => e.MapPost(ChatPath, (HttpContext c) =>
            {
                c.Response.ContentType = "text/event-stream";
                return write(c, string.Concat(first), run._goOn.Task, string.Concat(rest));
            }),
            before,
            services,
            k =>
            {
                k.AllowSynchronousIO = true;
                kestrel?.Invoke(k);
            });
        return run;
    }

    public static HttpRequestMessage Request(Version version) => new(HttpMethod.Post, ChatPath)
    {
        Version = version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = Replies.Json("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}"""),
    };

    public Task<HttpResponseMessage> SendAsync(Version? version = null, string? acceptEncoding = null)
    {
        var request = Request(version ?? HttpVersion.Version11);
        if (acceptEncoding is not null)
        {
            request.Headers.AcceptEncoding.ParseAdd(acceptEncoding);
        }

        return _app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Reads until a word is there, which the endpoint has written before it waits.</summary>
    public async Task<string> ReadUntilAsync(HttpResponseMessage response, string word)
    {
        var stream = await response.Content.ReadAsStreamAsync();
        _body = response.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        var text = new StringBuilder();
        var chunk = new byte[4096];
        while (!text.ToString().Contains(word, StringComparison.Ordinal) && await _body.ReadAsync(chunk) is > 0 and var read)
        {
            text.Append(Encoding.UTF8.GetString(chunk, 0, read));
        }

        return text.ToString();
    }

    public void GoOn() => _goOn.TrySetResult();

    public async Task<string> ReadToEndAsync()
    {
        var chunk = new byte[4096];
        while (await _body.ReadAsync(chunk) is > 0 and var read)
        {
            Received += Encoding.UTF8.GetString(chunk, 0, read);
        }

        return Received;
    }

    public ValueTask DisposeAsync()
    {
        GoOn();
        return _app.DisposeAsync();
    }
}
