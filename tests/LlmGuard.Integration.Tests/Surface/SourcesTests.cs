using LlmGuard.Integration.Tests.Harness;

namespace LlmGuard.Integration.Tests.Surface;

/// <summary>What the README says of query, path and headers under a masking entry.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class SourcesTests
{
    private const string Mail = "joe@example.com";
    private const string Everywhere = """ "sources": ["body", "headers", "path_and_query"], """;

    [TestCase("", "?user=joe@example.com", Mail)]
    [TestCase(Everywhere, "?user=%5BMASKED_EMAIL%5D", "[MASKED_EMAIL]")]
    public async Task DataMasking_QueryAndHeaders_AreMaskedWhereTheEntryNamesThem(string sources, string query, string header)
    {
        var received = await SendAsync(sources, Chat.Path + "?user=" + Mail);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(received.RawTarget, Is.EqualTo(Chat.Path + query));
            Assert.That(received.Headers["X-Note"], Is.EqualTo(header));
            Assert.That(received.Text, Is.EqualTo(Chat.Request("[MASKED_EMAIL]")));
        }
    }

    [Test]
    public async Task DataMasking_Path_IsNeverChanged()
    {
        var received = await SendAsync(Everywhere, "/users/" + Mail);

        Assert.That(received.RawTarget, Is.EqualTo("/users/" + Mail));
    }

    private static async Task<Received> SendAsync(string sources, string target)
    {
        await using var upstream = await RecordingUpstream.StartAsync();
        var entry = $$"""{ "name": "data_masking", {{sources}} "settings": { "predefined_entities": [ { "entity": "email" } ] } }""";
        await using var gateway = await GuardedGateway.StartAsync(upstream, Chat.Gateway(entry), []);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(target, UriKind.Relative)) { Content = Chat.Json(Chat.Request(Mail)) };
        request.Headers.Add("X-Note", Mail);
        using var answer = await gateway.Client.SendAsync(request, TestContext.CurrentContext.CancellationToken);
        return upstream.Requests.Single();
    }
}
