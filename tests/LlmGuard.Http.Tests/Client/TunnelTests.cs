using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Client;

/// <summary>Exchanges in which both sides talk at once: nobody can hold one side until it ends.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class TunnelTests
{
    [Test]
    public async Task Send_GrpcWhoseRequestStaysOpen_IsRefusedWithoutWaitingForItsEnd(CancellationToken cancellationToken)
    {
        using var upstream = new TalkingUpstream();
        await using var services = Services("block", upstream);
        using var request = Grpc();

        using var response = await Client(services).SendAsync(request, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(upstream.Received, Is.Null);

        // A client of gRPC takes what has another version for a downgraded connection, and the status in the headers for the answer.
        Assert.That(response.Version, Is.EqualTo(HttpVersion.Version20));
        Assert.That(response.Headers.GetValues("grpc-status"), Is.EqualTo(["7"]));
        Assert.That(response.Headers.GetValues("grpc-message").Single(), Does.StartWith("The request could not be inspected: "));
    }

    [Test]
    public async Task Send_GrpcThatThePolicyFlagsUnderAnEntryThatReadsHeaders_KeepsTheStatusThatTrails(CancellationToken cancellationToken)
    {
        using var upstream = new TalkingUpstream();
        await using var services = Services("flag", upstream, """, "sources": ["body", "headers"]""");
        using var request = Grpc();

        using var response = await Client(services).SendAsync(request, cancellationToken);
        upstream.Answered!.TrailingHeaders.Add("grpc-status", "0");

        Assert.That(response.TrailingHeaders.GetValues("grpc-status"), Is.EqualTo(["0"]));
    }

    [Test]
    public async Task Send_GrpcThatThePolicyFlags_BothSidesStayOpen(CancellationToken cancellationToken)
    {
        using var upstream = new TalkingUpstream();
        await using var services = Services("flag", upstream);
        using var request = Grpc();

        using var response = await Client(services).SendAsync(request, cancellationToken);
        await upstream.SayAsync("hi"u8.ToArray(), cancellationToken);
        var answer = await response.Content.ReadAsStreamAsync(cancellationToken);
        var heard = new byte[8];

        Assert.That(await answer.ReadAsync(heard, cancellationToken), Is.EqualTo(2));
        Assert.That(upstream.Received!.Content, Is.SameAs(request.Content));
    }

    [TestCase("GET", HttpStatusCode.SwitchingProtocols)]
    [TestCase("CONNECT", HttpStatusCode.OK)]
    public async Task Send_TunnelThatThePolicyFlags_CanBeReadAndWritten(string method, HttpStatusCode status, CancellationToken cancellationToken)
    {
        using var upstream = new TalkingUpstream { Status = status };
        await using var services = Services("flag", upstream);
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://api.example.com/socket");
        if (method == "CONNECT")
        {
            request.Headers.Protocol = "websocket";
        }
        else
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        }

        using var response = await Client(services).SendAsync(request, cancellationToken);
        var tunnel = await response.Content.ReadAsStreamAsync(cancellationToken);
        await tunnel.WriteAsync("ping"u8.ToArray(), cancellationToken);
        await tunnel.FlushAsync(cancellationToken);
        await upstream.SayAsync("pong"u8.ToArray(), cancellationToken);
        var heard = new byte[8];

        Assert.That(await tunnel.ReadAsync(heard, cancellationToken), Is.EqualTo(4));
        Assert.That(upstream.Heard.ToArray(), Is.EqualTo("ping"u8.ToArray()));
        Assert.That(upstream.Received!.Headers.Protocol, Is.EqualTo(request.Headers.Protocol));
    }

    private static HttpRequestMessage Grpc()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/pkg.Service/Talk")
        {
            Content = new OpenContent(),
            Version = HttpVersion.Version20,
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        return request;
    }

    private static HttpMessageInvoker Client(ServiceProvider services) =>
        new(services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("llm"), disposeHandler: false);

    private static ServiceProvider Services(string tunnel, TalkingUpstream upstream, string rest = "")
    {
        var services = new ServiceCollection();
        services.AddSingleton<WordPluginLog>();
        services.AddAiGuardrails(o => o.PolicyJson = $$"""
            {
              "gateway": {
                "name": "G",
                "uninspected": { "tunnel": "{{tunnel}}" },
                "required_plugins": [{ "name": "word", "stage": ["pre_request", "pre_response"], "settings": { "block": "plum" } {{rest}} }]
              }
            }
            """).AddPlugin<WordPlugin>();
        services.AddHttpClient("llm").AddAiGuardrails().ConfigurePrimaryHttpMessageHandler(() => upstream);
        return services.BuildServiceProvider();
    }

    /// <summary>A body that goes on until the conversation is over.</summary>
    private sealed class OpenContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.Delay(Timeout.Infinite);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.Infinite, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Answers at once, and then says what it is told to, without an end.</summary>
    private sealed class TalkingUpstream : HttpMessageHandler
    {
        private readonly Pipe _answer = new();

        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        public HttpRequestMessage? Received { get; private set; }

        public HttpResponseMessage? Answered { get; private set; }

        public MemoryStream Heard { get; } = new();

        public async Task SayAsync(byte[] bytes, CancellationToken cancellationToken) => await _answer.Writer.WriteAsync(bytes, cancellationToken);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Received = request;
            var answer = new HttpResponseMessage(Status) { Content = new ConnectionContent(new TwoWayStream(_answer.Reader.AsStream(), Heard)) };
            if (request.Content is not null)
            {
                answer.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
            }

            return Task.FromResult(Answered = answer);
        }
    }

    /// <summary>An answer that gives its connection away, as the one of SocketsHttpHandler does.</summary>
    private sealed class ConnectionContent(Stream connection) : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(connection);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => connection.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class TwoWayStream(Stream from, Stream to) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => from.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            from.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => to.Write(buffer, offset, count);

        public override void Flush() => to.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
