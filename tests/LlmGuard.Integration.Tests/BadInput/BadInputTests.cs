using System.Net;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.BadInput;

/// <summary>Each bad body has one documented outcome in both seams; none is a server error, none passes unread.</summary>
[TestFixture]
[CancelAfter(60_000)]
[Parallelizable]
public sealed class BadInputTests
{
    private static readonly string Policy = Chat.Gateway(TagPlugin.Entry("guard"), level: $", \"limits\": {BadBody.Limits}");
    private RecordingUpstream _upstream = null!;
    private GuardedGateway _gateway = null!;
    private ServiceProvider _services = null!;

    private static IEnumerable<BadBody> Bodies => BadBody.All;

    [SetUp]
    public async Task StartAsync()
    {
        _upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        _gateway = await GuardedGateway.StartAsync(_upstream, Policy, [new TagPlugin()]);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(static o => o.PolicyJson = Policy).AddPlugin<TagPlugin>();
        services.AddHttpClient("llm", client => client.BaseAddress = _upstream.Url).AddAiGuardrails();
        _services = services.BuildServiceProvider();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _services.DisposeAsync();
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [TestCaseSource(nameof(Bodies))]
    public async Task Incoming_BadBody_HasItsOutcome(BadBody bad)
    {
        string[] headers = [.. ContentType(bad), .. bad.IsChunked ? new[] { "Transfer-Encoding: chunked" } : []];

        var answer = await RawHttp.SendAsync(_gateway.Url, "POST " + Chat.Path, bad.Body, headers, TestContext.CurrentContext.CancellationToken);

        AssertOutcome(bad, answer.Status, answer.Body);
        Assert.That(answer.Head, Does.Contain("X-Guardrail-Id: ").IgnoreCase);
    }

    [TestCaseSource(nameof(Bodies))]
    public async Task HttpClient_BadBody_HasItsOutcome(BadBody bad)
    {
        using var client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat.Path)
        {
            Content = bad.IsChunked ? new StreamContent(new MemoryStream(bad.Body)) : new ByteArrayContent(bad.Body),
        };
        request.Headers.TransferEncodingChunked = bad.IsChunked ? true : null;
        if (bad.ContentType.Length > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", bad.ContentType);
        }

        using var response = await client.SendAsync(request, TestContext.CurrentContext.CancellationToken);

        AssertOutcome(bad, (int)response.StatusCode, await Chat.BodyAsync(response, TestContext.CurrentContext.CancellationToken));
    }

    [TestCase("GET")]
    [TestCase("POST")]
    public async Task Incoming_NoBodyAtAll_ReachesTheUpstreamWithoutOne(string method)
    {
        var answer = await RawHttp.SendAsync(_gateway.Url, $"{method} /v1/models", null, [], TestContext.CurrentContext.CancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(_upstream.Requests.Single().Body, Is.Empty);
        }
    }

    [TestCase("gzip")]
    [TestCase("zstd")]
    [TestCase("br")]
    public async Task Incoming_BodyThatIsNotEncodedAsItSays_IsRefused(string coding)
    {
        var answer = await RawHttp.SendAsync(
            _gateway.Url,
            "POST " + Chat.Path,
            System.Text.Encoding.UTF8.GetBytes(Chat.Request("peach")),
            ["Content-Type: application/json", "Content-Encoding: " + coding],
            TestContext.CurrentContext.CancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(coding == "zstd" ? 415 : 400));
            Assert.That(_upstream.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Incoming_BodyShorterThanAnnounced_IsNeverForwarded()
    {
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, _gateway.Url.Port, TestContext.CurrentContext.CancellationToken);
        var stream = connection.GetStream();
        await stream.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes(
                $"POST {Chat.Path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{Chat.Request("peach")}"),
            TestContext.CurrentContext.CancellationToken);
        connection.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        using var rest = new MemoryStream();
        try
        {
            await stream.CopyToAsync(rest, TestContext.CurrentContext.CancellationToken);
        }
        catch (IOException)
        {
            // The server may end a connection that was ended in the middle of a request with a reset.
        }

        Assert.That(_upstream.Requests, Is.Empty);
    }

    private static string[] ContentType(BadBody bad) => bad.ContentType.Length == 0 ? [] : ["Content-Type: " + bad.ContentType];

    private void AssertOutcome(BadBody bad, int status, string answer)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(bad.Status), answer);
            if (bad.Sent is null)
            {
                Assert.That(_upstream.Requests, Is.Empty);
                Assert.That(answer, Does.Contain(RefusalCodes.InputUninspectable).And.Not.Contain("peach"));
            }
            else
            {
                Assert.That(_upstream.Requests.Single().Text, Is.EqualTo(bad.Sent));
            }
        }
    }
}
