using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGuard.AspNetCore.Requests;
using LlmGuard.AspNetCore.Tests.Doubles;
using LlmGuard.Audit;
using LlmGuard.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Callers who leave while they send a body have asked nothing: there is no decision on it, and what is around the guard sees why.</summary>
[Parallelizable(ParallelScope.All)]
[CancelAfter(60_000)]
public class DepartureTests
{
    private const string Path = "/v1/chat/completions";
    private const string Half = """{"model":"m","messages":[{"role":"user",""";

    private static readonly string Policy = GuardedApp.Policy("words", """["pre_request"]""");

    [TestCase("Content-Length: 100\r\n\r\n" + Half, true, TestName = "{m}: a stated length, closed")]
    [TestCase("Content-Length: 100\r\n\r\n" + Half, false, TestName = "{m}: a stated length, reset")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n100\r\n" + Half, true, TestName = "{m}: chunks, closed")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n100\r\n" + Half, false, TestName = "{m}: chunks, reset")]
    public async Task Caller_WhoLeavesInMidBody_IsNotARefusal(string rest, bool closes, CancellationToken cancellationToken)
    {
        var seen = new SeenRequest();
        await using var app = await StartAsync(seen, HttpProtocols.Http1);
        using (var caller = new TcpClient())
        {
            await caller.ConnectAsync(IPAddress.Loopback, app.Port, cancellationToken);
            await caller.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{rest}"), cancellationToken);
            await seen.HasBegun.Task.WaitAsync(cancellationToken);
            caller.LingerState = new LingerOption(!closes, 0);
        }

        await AssertLeftAsync(seen, cancellationToken);
    }

    [Test]
    public async Task Caller_WhoResetsTheStreamInMidBody_IsNotARefusal(CancellationToken cancellationToken)
    {
        var seen = new SeenRequest();
        await using var app = await StartAsync(seen, HttpProtocols.Http2);
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new EndlessContent(),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var sending = app.Client.SendAsync(request, leaving.Token);
        await seen.HasBegun.Task.WaitAsync(cancellationToken);
        await leaving.CancelAsync();

        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        await AssertLeftAsync(seen, cancellationToken);
    }

    /// <summary>What a server says of a body that ends too soon. Whether its sender has left is told beside it, and may come much later.</summary>
    [Test]
    public async Task Body_ThatEndsBeforeItsStatedLength_IsNotARefusalThoughNobodyIsSaidToHaveLeft(CancellationToken cancellationToken)
    {
        var seen = new SeenRequest();
        await using var app = await StartAsync(seen, HttpProtocols.Http1, static c => c.Request.Body = new CutStream());
        using var body = Replies.Json(Half);

        using var response = await app.Client.PostAsync(Path, body, cancellationToken);

        await AssertLeftAsync(seen, cancellationToken);
        Assert.That(response.Headers.Contains("X-Guardrail-Id"), Is.False, "the server's own answer");
    }

    [Test]
    public async Task Body_WhoseFramingIsBad_IsRefusedWhereItsSenderStays(CancellationToken cancellationToken)
    {
        var seen = new SeenRequest();
        await using var app = await StartAsync(seen, HttpProtocols.Http1, static c => c.Request.Body = new CutStream());
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Replies.Json(Half) };
        request.Headers.TransferEncodingChunked = true;

        var sending = app.Client.SendAsync(request, cancellationToken);
        await seen.Time.WhenDueInAsync(RequestBody.DepartureNotice).WaitAsync(cancellationToken);
        seen.Time.Advance(RequestBody.DepartureNotice);
        using var response = await sending;

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(response.Headers.Contains("X-Guardrail-Id"));
        Assert.That(await seen.Ended.Task.WaitAsync(cancellationToken), Is.Null);
        Assert.That(seen.Records, Has.Count.EqualTo(1));
    }

    /// <summary>A component outside that tries once more must not get a request past the guard that was never judged.</summary>
    [Test]
    public async Task Request_ThatIsExecutedAgainAfterJudgingItFailed_DoesNotRun()
    {
        Exception? again = null;
        var hasRun = false;
        await using var app = await GuardedApp.StartAsync(
            Policy,
            [ProbePlugin.Words()],
            e => e.MapPost(Path, () =>
            {
                hasRun = true;
                return "forbidden";
            }),
            app => app.Use(async (context, next) =>
            {
                context.Request.Body = new CutStream();
                try
                {
                    await next(context);
                }
                catch (IOException)
                {
                    again = Assert.CatchAsync(() => next(context));
                    context.Response.StatusCode = 500;
                }
            }));

        using var response = await app.Client.PostAsync(Path, Replies.Json(Half));

        Assert.That(again, Is.InstanceOf<InvalidOperationException>());
        Assert.That(hasRun, Is.False);
    }

    private static async Task AssertLeftAsync(SeenRequest seen, CancellationToken cancellationToken)
    {
        var thrown = await seen.Ended.Task.WaitAsync(cancellationToken);
        Assert.That(thrown, Is.InstanceOf<IOException>().Or.InstanceOf<OperationCanceledException>());
        Assert.That(seen.Records, Is.Empty);
    }

    private static Task<GuardedApp> StartAsync(
        SeenRequest seen, HttpProtocols protocol, Action<HttpContext>? prepare = null) => GuardedApp.StartAsync(
        Policy,
        [ProbePlugin.Words()],
        e => e.MapPost(Path, () => "never"),
        app => app.Use(async (context, next) =>
        {
            prepare?.Invoke(context);
            seen.HasBegun.TrySetResult();
            try
            {
                await next(context);
                seen.Ended.TrySetResult(null);
            }
            catch (Exception thrown)
            {
                seen.Ended.TrySetResult(thrown);
                throw;
            }
        }),
        services => services.AddSingleton<IGuardrailAuditSink>(seen).AddSingleton<TimeProvider>(seen.Time),
        kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocol));

    /// <summary>What a middleware around the guard sees of the request, and what is recorded of it. Its clock stands still.</summary>
    private sealed class SeenRequest : IGuardrailAuditSink
    {
        public ManualTime Time { get; } = new();

        public TaskCompletionSource HasBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>What came out of the guard, or null.</summary>
        public TaskCompletionSource<Exception?> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<GuardrailAuditRecord> Records { get; } = [];

        public void Write(GuardrailAuditRecord record)
        {
            lock (Records)
            {
                Records.Add(record);
            }
        }
    }

    /// <summary>A body that ends before the server has all of it.</summary>
    private sealed class CutStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new Microsoft.AspNetCore.Http.BadHttpRequestException("Unexpected end of request content.");

        public override bool CanSeek => false;
    }

    /// <summary>A body whose end never comes.</summary>
    private sealed class EndlessContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Half), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
