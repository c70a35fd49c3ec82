using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Http.Tests.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Masking;

/// <summary>
/// OpenAI's responses name the conversation that the provider keeps: a later turn holds nothing of the earlier ones, and is restored all the same.
/// </summary>
public sealed class ServerConversationTests
{
    private const string Policy = """
        { "gateway": { "name": "G", "required_plugins": [ { "name": "data_masking", "id": "mask",
            "settings": { "apply_all": true, "reversible_hashing": { "enabled": true, "secret": "0123456789abcdef" } } } ] },
          "consumers": [ { "name": "alice" }, { "name": "bob" } ] }
        """;

    private readonly List<string> _seen = [];
    private ServiceProvider _services = null!;
    private HttpClient _client = null!;
    private string? _words;

    [SetUp]
    public void Start()
    {
        (_words, var upstream) = (null, new RecordingUpstream(Answer));
        _seen.Clear();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(static o => o.PolicyJson = Policy).AddDataMasking();
        services.AddHttpClient("llm").AddAiGuardrails().ConfigurePrimaryHttpMessageHandler(() => upstream);
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _services.DisposeAsync();
    }

    [Test]
    public async Task Answer_ToALaterTurnOfTheNamedConversation_IsRestored([Values("\"conv_1\"", "{\"id\":\"conv_1\"}")] string named)
    {
        Assert.That(await AskAsync("alice", "\"conversation\":\"conv_1\",", "I am joe@example.com"), Is.EqualTo("I am joe@example.com"));
        _words = _seen[0];
        Assert.That(_words, Does.Match("^I am \\[EMAIL_[A-Z]{16}\\]$"));
        Assert.That(await AskAsync("alice", $"\"conversation\":{named},", "Who am I?"), Is.EqualTo("I am joe@example.com"));
    }

    [TestCase("alice", "\"conversation\":\"conv_2\",")]
    [TestCase("alice", "\"conversation\":null,")]
    [TestCase("alice", "")]
    [TestCase("bob", "\"conversation\":\"conv_1\",")]
    public async Task Answer_ToAnotherConversationOrCaller_StaysMasked(string caller, string member)
    {
        await AskAsync("alice", "\"conversation\":\"conv_1\",", "I am joe@example.com");
        _words = _seen[0];
        Assert.That(await AskAsync(caller, member, "Who am I?"), Is.EqualTo(_words));
    }

    [TestCase("\"previous_response_id\":\"resp_1\",")]
    [TestCase("\"conversation\":\"\",")]
    [TestCase("\"conversation\":{},")]
    [TestCase("\"conversation\":{\"id\":7},")]
    public async Task Request_ConversationKeptUnderNoNameOfItsOwn_IsMaskedForGood(string member)
    {
        await AskAsync("alice", member, "I am joe@example.com");
        Assert.That(_seen, Is.EqualTo(new[] { "I am [MASKED_EMAIL]" }));
    }

    [Test]
    public async Task Request_ApplicationNamesTheConversation_ThatCounts()
    {
        await AskAsync("alice", "\"conversation\":\"conv_1\",", "I am joe@example.com", "mine");
        _words = _seen[0];
        Assert.That(await AskAsync("alice", "\"conversation\":\"conv_1\",", "Who am I?"), Is.EqualTo(_words));
        Assert.That(await AskAsync("alice", "\"conversation\":\"conv_9\",", "Who am I?", "mine"), Is.EqualTo("I am joe@example.com"));
    }

    private async Task<string> AskAsync(string caller, string member, string input, string? conversation = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/v1/responses");
        if (conversation is not null)
        {
            request.SetGuardrailConversation(conversation);
        }

        using var use = GuardrailCaller.Use(new GuardrailCaller(caller));
        request.Content =
            new StringContent($$"""{"model":"m",{{member}}"input":{{JsonValue.Create(input).ToJsonString()}}}""", Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        return JsonNode.Parse(body)!["output"]![0]!["content"]![0]!["text"]!.GetValue<string>();
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        using var reader = new StreamReader(request.Content!.ReadAsStream());
        _seen.Add(JsonNode.Parse(reader.ReadToEnd())!["input"]!.GetValue<string>());
        var text = JsonValue.Create(_words ?? _seen[^1]).ToJsonString();
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(
                $$"""
                {"id":"resp_2","object":"response","created_at":1,"status":"completed","model":"m","output":[{"id":"msg_1","type":"message","role":"assistant",
                "status":"completed","content":[{"type":"output_text","text":{{text}},"annotations":[]}]}]}
                """,
                Encoding.UTF8,
                "application/json"),
        };
    }
}
