using System.Net;
using System.Net.WebSockets;
using System.Text;
using LlmGuard.AspNetCore.Tests.Doubles;
using LlmGuard.AspNetCore.Tunnels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LlmGuard.AspNetCore.Tests;

public class TunnelTests
{
    private const string Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";

    private static string Policy(string tunnel) =>
        $$"""{ "gateway": { "name": "g", "uninspected": { "tunnel": "{{tunnel}}" }, "required_plugins": [ { "name": "words", "stage": ["pre_request", "pre_response"] } ] } }""";

    [Test]
    public async Task WebSocket_ByDefault_IsRefused()
    {
        await using var app = await Start(GuardedApp.Policy("words", """["pre_request"]"""));
        using var socket = new ClientWebSocket();

        Assert.That(
            async () => await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{app.Port}/socket"), CancellationToken.None),
            Throws.InstanceOf<WebSocketException>().With.Message.Contains("403"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task WebSocket_Flagged_Works(bool isMiddlewareOutside)
    {
        await using var app = await Start(Policy("flag"), isMiddlewareOutside);
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{app.Port}/socket"), CancellationToken.None);
        await socket.SendAsync(Encoding.UTF8.GetBytes("ping"), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);

        Assert.That(Encoding.UTF8.GetString(buffer, 0, received.Count), Is.EqualTo("ping"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    // Kestrel offers no upgrade to a request with a payload; other servers may.
    [TestCase(null, null, true)]
    [TestCase(0, null, true)]
    [TestCase(4, null, false)]
    [TestCase(null, "chunked", false)]
    public void IsSwitch_RequestWithAPayload_IsARequestLikeAnyOther(int? length, string? framing, bool expected)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpUpgradeFeature>(new Upgradable());
        context.Request.Method = "GET";
        context.Request.Headers.Upgrade = "websocket";
        context.Request.ContentLength = length;
        context.Request.Headers.TransferEncoding = framing;

        Assert.That(Tunnel.IsSwitch(context), Is.EqualTo(expected));
    }

    [TestCase("application/grpc;=", 403)]
    [TestCase("application/grpc-web-text; charset=x; charset=y", 403)]
    [TestCase("application/grpcs", 200)]
    public async Task Grpc_ByWhatItsServersLookAt_IsATunnel(string type, int expected)
    {
        await using var app = await GuardedApp.EchoAsync(GuardedApp.Policy("words", """["pre_request"]"""));
        using var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await app.Client.PostAsync("/echo", content);

        Assert.That((int)response.StatusCode, Is.EqualTo(expected));
        Assert.That(response.Headers.Contains("grpc-status"), Is.EqualTo(expected == 403));
    }

    [Test]
    public async Task Grpc_ByDefault_IsRefusedWithAStatusThatItsClientsRead()
    {
        await using var app = await Start(GuardedApp.Policy("words", """["pre_request"]"""), isHttp2: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/pkg.Service/Talk")
        {
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new("application/grpc");

        using var response = await app.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Headers.GetValues("grpc-status"), Is.EqualTo(["7"]));
        Assert.That(
            response.Headers.GetValues("grpc-message").Single(),
            Does.StartWith("The request could not be inspected").And.Contain("tunnel"));
    }

    [Test]
    public async Task ExtendedConnect_ByDefault_IsRefused()
    {
        await using var app = await Start(GuardedApp.Policy("words", """["pre_request"]"""), isHttp2: true);

        Assert.That(async () => await Http2Socket(app), Throws.InstanceOf<WebSocketException>());
    }

    [Test]
    public async Task ExtendedConnect_Flagged_Works()
    {
        await using var app = await Start(Policy("flag"), isHttp2: true);
        using var socket = await Http2Socket(app);

        await socket.SendAsync(Encoding.UTF8.GetBytes("ping"), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);

        Assert.That(Encoding.UTF8.GetString(buffer, 0, received.Count), Is.EqualTo("ping"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    [Test]
    public async Task UpgradeOffer_AnsweredNormally_IsStillInspected()
    {
        await using var app = await Start(Policy("flag"));

        var status = await RawRequest.SendAsync(app.Port, $"GET /forbidden HTTP/1.1\r\nHost: localhost\r\n{Upgrade}\r\n");

        Assert.That(status, Is.EqualTo(403));
    }

    [Test]
    public async Task UpgradeOffer_WithABody_IsReadAsABody()
    {
        await using var app = await Start(Policy("flag"));

        var status = await RawRequest.PostAsync(app.Port, "/echo", "forbidden", "Connection: Upgrade\r\nUpgrade: websocket\r\n");

        Assert.That(status, Is.AnyOf(400, 403));
    }

    [Test]
    public async Task Http2Offer_IsAnOrdinaryRequest()
    {
        await using var app = await Start(Policy("block"));

        var status = await RawRequest.SendAsync(
            app.Port, "GET /fine HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");

        Assert.That(status, Is.EqualTo(200));
    }

    [TestCase("block", HttpStatusCode.Forbidden)]
    [TestCase("flag", HttpStatusCode.OK)]
    public async Task Grpc_IsATunnel(string tunnel, HttpStatusCode expected)
    {
        await using var app = await Start(Policy(tunnel));
        using var content = new ByteArrayContent([0, 0, 0, 0, 1, 7]);
        content.Headers.ContentType = new("application/grpc");

        var (status, _) = await app.Client.PostAsync("/service/method", content).Read();

        Assert.That(status, Is.EqualTo(expected));
    }

    [Test]
    public async Task Grpc_OnAChatRoute_IsReadAsChat()
    {
        await using var app = await Start(Policy("flag"));
        using var content = new StringContent("""{"model":"m","messages":[{"role":"user","content":"forbidden"}]}""");
        content.Headers.ContentType = new("application/grpc");

        var (status, _) = await app.Client.PostAsync("/v1/chat/completions", content).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private static async Task<ClientWebSocket> Http2Socket(GuardedApp app)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler(), disposeHandler: false);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{app.Port}/socket"), invoker, CancellationToken.None);
        return socket;
    }

    private static Task<GuardedApp> Start(string policy, bool isMiddlewareOutside = false, bool isHttp2 = false) => GuardedApp.StartAsync(
        policy,
        [ProbePlugin.Words()],
        e =>
        {
            if (!isMiddlewareOutside)
            {
                e.UseWebSockets();
            }

            e.Run(async c =>
            {
                if (c.WebSockets.IsWebSocketRequest && c.Request.Path == "/socket")
                {
                    using var socket = await c.WebSockets.AcceptWebSocketAsync();
                    var buffer = new byte[16];
                    var received = await socket.ReceiveAsync(buffer, c.RequestAborted);
                    await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, c.RequestAborted);
                    await socket.ReceiveAsync(buffer, c.RequestAborted);
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, c.RequestAborted);
                    return;
                }

                await c.Response.WriteAsync(c.Request.Path == "/forbidden" ? "forbidden" : "reached");
            });
        },
        isMiddlewareOutside ? a => a.UseWebSockets() : null,
        kestrel: isHttp2 ? static k => k.ConfigureEndpointDefaults(static l => l.Protocols = HttpProtocols.Http2) : null);

    private sealed class Upgradable : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => true;

        public Task<Stream> UpgradeAsync() => throw new NotSupportedException();
    }
}
