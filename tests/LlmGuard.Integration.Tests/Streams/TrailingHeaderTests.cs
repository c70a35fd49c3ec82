using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGuard.Http;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Streams;

/// <summary>What an upstream says after its body is judged, or stays back: nothing that was not inspected passes the client's seam.</summary>
public sealed class TrailingHeaderTests
{
    private const string Judge = """{ "name": "secrets", "stage": "pre_response" }""";

    private const string Event =
        """data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"hello"}}]}""" + "\n\n";

    private static readonly string[] Digests = ["Content-Digest", "Repr-Digest", "Digest", "Content-MD5"];

    // A judge of whole text that reads headers too has streams held.
    [TestCase("application/json", """{"greeting":"hello"}""")]
    [TestCase("text/event-stream", Event)]
    public async Task Send_HeldAnswer_MasksTrailersAndHeadersOfTheSameName(string type, string body)
    {
        await using var upstream = await UpstreamAsync(type, body, note: "a secret");
        await using var guarded = Guarded(Judge, new Secrets(isBlocking: false));
        using var response = await SendAsync(guarded, upstream.Url);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("hello"));
            Assert.That(response.TrailingHeaders.GetValues("X-End").Single(), Is.EqualTo("the ****** end"));
            Assert.That(response.Headers.GetValues("X-Note").Single(), Does.StartWith("a ******").And.Not.Contain("secret"));
            Assert.That(response.TrailingHeaders.GetValues("X-Note").Single(), Does.Not.Contain("secret"));
            Assert.That(response.Version, Is.EqualTo(HttpVersion.Version20));
        }
    }

    [Test]
    public async Task Send_HeldAnswer_WhoseTrailerIsNotAllowed_IsRefused()
    {
        await using var upstream = await UpstreamAsync("application/json", Chat.Answer("hello"));
        await using var guarded = Guarded(Judge, new Secrets(isBlocking: true));
        using var response = await SendAsync(guarded, upstream.Url);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("guardrail_blocked"));
            Assert.That(response.TrailingHeaders, Is.Empty);
        }
    }

    [TestCase("text/event-stream", Event)]
    [TestCase("text/plain", "", 204)]
    public async Task Send_TrailersThatComeAfterTheDecision_StayBackWhereAnEntryReadsHeaders(string type, string body, int status = 200)
    {
        await using var upstream = await UpstreamAsync(type, body, status: status);
        await using var guarded = Guarded(Rules("body\", \"headers"));
        using var response = await SendAsync(guarded, upstream.Url);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(status));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
            Assert.That(response.Headers.GetValues("X-Start").Single(), Is.EqualTo("begin"));
            Assert.That(response.TrailingHeaders, Is.Empty);
            Assert.That(response.GetGuardrailDecision(), Is.Not.Null);
        }
    }

    [TestCase("application/json", "{}")]
    [TestCase("text/event-stream", Event)]
    [TestCase("text/plain", "", 204)]
    public async Task Send_TrailersThatNoEntryReads_ArriveAsTheyAre(string type, string body, int status = 200)
    {
        await using var upstream = await UpstreamAsync(type, body, status: status);
        await using var guarded = Guarded(Rules("body"));
        using var response = await SendAsync(guarded, upstream.Url);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
        Assert.That(response.TrailingHeaders.GetValues("X-End").Single(), Is.EqualTo("the secret end"));
    }

    [TestCase("body", true)]
    [TestCase("body\", \"headers", false)]
    public async Task Send_ChunkedTrailersOfAStream_PassOrStayBackWithoutTheirDigests(string sources, bool passes)
    {
        using var upstream = new TcpListener(IPAddress.Loopback, 0);
        upstream.Start();
        var answering = AnswerOnceAsync(upstream, "X-End: the secret end\r\nContent-Digest: sha-256=:AAAA:\r\n");
        await using var guarded = Guarded(Rules(sources));
        using var response = await SendAsync(guarded, new Uri($"http://{upstream.LocalEndpoint}"), HttpVersion.Version11);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Event));
        await answering;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.TrailingHeaders.Contains("X-End"), Is.EqualTo(passes));
            Assert.That(response.TrailingHeaders.Contains("Content-Digest"), Is.False, "other bytes may have left");
        }
    }

    [TestCase("body", true)]
    [TestCase("body\", \"headers", false)]
    public async Task Send_Http2TrailersOfAStream_PassOrStayBackWithoutTheirDigests(string sources, bool passes)
    {
        await using var upstream = await UpstreamAsync("text/event-stream", Event, digests: Digests);
        await using var guarded = Guarded(Rules(sources));
        using var response = await SendAsync(guarded, upstream.Url);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Event));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.TrailingHeaders.Contains("X-End"), Is.EqualTo(passes));
            Assert.That(response.TrailingHeaders.Select(static h => h.Key), Has.None.AnyOf(Digests), "other bytes may have left");
        }
    }

    private static async Task AnswerOnceAsync(TcpListener upstream, string trailers)
    {
        using var connection = await upstream.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        var request = new byte[16 * 1024];
        for (var length = 0; length == 0 || request[length - 1] != '}';)
        {
            var read = await stream.ReadAsync(request.AsMemory(length));
            Assert.That(read, Is.GreaterThan(0), "the request is whole");
            length += read;
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n"
            + $"{Event.Length:x}\r\n{Event}\r\n0\r\n{trailers}\r\n"));
    }

    private static Task<LoopbackApp> UpstreamAsync(string type, string body, string? note = null, int status = 200, string[]? digests = null) =>
        LoopbackApp.StartAsync(
        static _ => { },
        app => app.Run(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.Headers["X-Start"] = "begin";
            if (note is not null)
            {
                context.Response.Headers["X-Note"] = note;
                context.Response.AppendTrailer("X-Note", note);
            }

            foreach (var digest in digests ?? [])
            {
                context.Response.AppendTrailer(digest, "sha-256=:AAAA:");
            }

            context.Response.AppendTrailer("X-End", "the secret end");
            if (body.Length > 0)
            {
                await context.Response.WriteAsync(body);
            }
        }),
        HttpProtocols.Http2);

    /// <summary>Rules of finite reach, which let streams flow.</summary>
    private static string Rules(string sources) => $$"""
        { "name": "data_masking", "stage": "pre_response", "sources": ["{{sources}}"],
          "settings": { "rules": [ { "type": "keyword", "pattern": "secret", "mask_with": "******" } ] } }
        """;

    private static ServiceProvider Guarded(string entry, params IGuardrailPlugin[] plugins)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(options => options.PolicyJson = Chat.Gateway(entry)).AddDataMasking();
        foreach (var plugin in plugins)
        {
            services.AddSingleton(plugin);
        }

        services.AddHttpClient("llm").AddAiGuardrails();
        return services.BuildServiceProvider();
    }

    private static async Task<HttpResponseMessage> SendAsync(ServiceProvider guarded, Uri upstream, Version? version = null)
    {
        using var client = guarded.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream, Chat.Path))
        {
            Content = Chat.Json(Chat.Request("hi")),
            Version = version ?? HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Masks or blocks one word.</summary>
    private sealed class Secrets(bool isBlocking) : IGuardrailPlugin, IGuardrailEvaluator
    {
        private const string Word = "secret";

        public GuardrailPluginMetadata Metadata => field ??= new GuardrailPluginMetadata("secrets")
        {
            Stages = [GuardrailStage.PreResponse],
            DefaultStages = [GuardrailStage.PreResponse],
            Needs = GuardrailNeeds.Content | GuardrailNeeds.Headers,
            Rewrites = true,
            DefaultMessage = "That is not allowed.",
        };

        public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            var edits = call.Content
                .Where(static s => s.Text.Contains(Word, StringComparison.Ordinal))
                .Select(static s => new SegmentEdit(s.Index, s.ToUtf8(s.Text.IndexOf(Word, StringComparison.Ordinal), Word.Length),
                    Replacement.Literal("******")))
                .ToList();
            return ValueTask.FromResult(
                edits.Count == 0 ? GuardrailVerdict.Allow : isBlocking ? GuardrailVerdict.Block() : GuardrailVerdict.Modify(edits));
        }
    }
}
