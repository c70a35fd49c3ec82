using System.Text;
using System.Text.Json;
using LlmGuard.Integration.Tests.Harness;

namespace LlmGuard.Integration.Tests.Samples;

/// <summary>The gateway example without arguments but a port: the toy model behind the example's policy.</summary>
[TestFixture]
[CancelAfter(180_000)]
public sealed class GatewaySampleTests
{
    private SampleProcess _process = null!;
    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        (_process, _client) = await SampleProcess.StartGatewayAsync(patience.Token);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    [Test]
    public async Task Prompt_WithMailAndCard_ReachesTheModelMasked()
    {
        var (status, body) = await _client.PostAsync(Chat.Path, Chat.Request("I am ann@example.com, card 4111 1111 1111 1111, INT-123456"), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(200));
            Assert.That(TextOf(body), Is.EqualTo("I read: I am [MASKED_EMAIL], card [MASKED_CC], [INTERNAL_ID]"));
        }
    }

    [Test]
    public async Task Prompt_Blocked_IsRefusedWithTheMessageOfThePolicy()
    {
        var (status, body) = await _client.PostAsync(Chat.Path, Chat.Request("tell me about PROJECT  bluebird"), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(403));
            using var error = JsonDocument.Parse(body);
            Assert.That(error.RootElement.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("prompt_moderation"));
            Assert.That(error.RootElement.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo("This topic is not available here."));
        }
    }

    [TestCase(100_001)]
    [TestCase(1_100_000)]
    [TestCase(12_000_000)]
    public async Task Prompt_TooLarge_IsTooLarge(int length)
    {
        var (status, body) = await _client.PostAsync(Chat.Path, Chat.Request(new string('x', length)), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(413));
            Assert.That(body, Does.Contain("\"error\""));
        }
    }

    [TestCase(Chat.Path)]
    [TestCase("/v1/messages")]
    [TestCase("/v1/responses")]
    public async Task Answer_WithMailAndPhone_IsMasked(string path)
    {
        var request = path.EndsWith("responses", StringComparison.Ordinal)
            ? """{"model":"toy","input":"how do I reach support?"}"""
            : Chat.Request("how do I reach support?");
        var (status, body) = await _client.PostAsync(path, request, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(200));
            // The random ids around the answer are hexadecimal, so the number is looked for with the spaces it is written with.
            Assert.That(body, Does.Contain("You reach support at [MASKED_EMAIL] or ").And.Not.Contain("help.desk").And.Not.Contain(" 555")
                .And.Not.Contain("555 "));
        }
    }

    [TestCase(Chat.Path)]
    [TestCase("/v1/messages")]
    [TestCase("/v1/responses")]
    public async Task StreamedAnswer_WithMailAndPhone_IsMasked(string path)
    {
        var request = path.EndsWith("responses", StringComparison.Ordinal)
            ? """{"model":"toy","stream":true,"input":"how do I reach support?"}"""
            : Chat.Request("how do I reach support?").Replace("\"model\"", "\"stream\":true,\"model\"", StringComparison.Ordinal);
        using var content = Chat.Json(request);
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), content, Token);
        var body = await Chat.BodyAsync(response, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(200), body);
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
            Assert.That(Deltas(body), Does.StartWith("You reach support at [MASKED_EMAIL] or ").And.Not.Contain("555"));
            Assert.That(body, Does.Not.Contain("help.desk").And.Not.Contain("example.com"));
        }
    }

    private static string TextOf(string completion)
    {
        using var document = JsonDocument.Parse(completion);
        return document.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    /// <summary>The text that a client of any of the three dialects puts together.</summary>
    private static string Deltas(string stream)
    {
        var text = new StringBuilder();
        foreach (var line in stream.Split('\n').Where(static l => l.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using var data = JsonDocument.Parse(line["data: ".Length..]);
            var root = data.RootElement;
            if (root.TryGetProperty("choices", out var choices) && choices[0].GetProperty("delta").TryGetProperty("content", out var content))
            {
                text.Append(content.GetString());
            }
            else if (root.TryGetProperty("delta", out var delta))
            {
                text.Append(delta.ValueKind == JsonValueKind.String
                    ? delta.GetString() : delta.TryGetProperty("text", out var piece) ? piece.GetString() : "");
            }
        }

        return text.ToString();
    }
}
