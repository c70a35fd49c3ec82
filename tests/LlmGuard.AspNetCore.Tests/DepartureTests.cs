using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGuard.AspNetCore.Tests.Doubles;
using LlmGuard.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Callers who leave while they send a body have asked nothing: there is no decision on it, and what is around the guard sees why.</summary>
[Parallelizable(ParallelScope.All)]
[CancelAfter(30_000)]
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

    private static async Task AssertLeftAsync(SeenRequest seen, CancellationToken cancellationToken)
    {
        var thrown = await seen.Ended.Task.WaitAsync(cancellationToken);
        Assert.That(thrown, Is.InstanceOf<IOException>().Or.InstanceOf<OperationCanceledException>());
        Assert.That(seen.Records, Is.Empty);
    }

    private static Task<GuardedApp> StartAsync(SeenRequest seen, HttpProtocols protocol) => GuardedApp.StartAsync(
        Policy,
        [ProbePlugin.Words()],
        e => e.MapPost(Path, () => "never"),
        app => app.Use(async (context, next) =>
        {
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
        services => services.AddSingleton<IGuardrailAuditSink>(seen),
        kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocol));

    /// <summary>What a middleware around the guard sees of the request, and what is recorded of it.</summary>
    private sealed class SeenRequest : IGuardrailAuditSink
    {
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
