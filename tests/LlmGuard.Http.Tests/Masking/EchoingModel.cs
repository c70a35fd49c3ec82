using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Http.Tests.Client;
using LlmGuard.Http.Tests.Streams;
using LlmGuard.Http.Tests.Streams.Endings;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Masking;

/// <summary>An application with a guarded client whose model answers with what it was asked, so that a test sees what the model saw.</summary>
internal sealed class EchoingModel : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HttpClient _client;

    /// <param name="settings">The settings of data_masking.</param>
    /// <param name="answer">Makes the model's words of the last user message it was sent.</param>
    /// <param name="more">More entries.</param>
    /// <param name="configure">Changes services.</param>
    public EchoingModel(string settings, Func<string, string>? answer = null, string more = "", Action<IServiceCollection>? configure = null)
    {
        Answer = answer ?? (static seen => seen);
        var upstream = new RecordingUpstream(Respond);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<WordPluginLog>();
        configure?.Invoke(services);
        services.AddAiGuardrails(o => o.PolicyJson = $$"""
            { "gateway": { "name": "G", "required_plugins": [ { "name": "data_masking", "id": "mask", "settings": {{settings}} } {{more}} ] },
              "consumers": [ { "name": "alice" }, { "name": "bob" } ] }
            """).AddDataMasking().AddPlugin<WordPlugin>();
        services.AddHttpClient("llm").AddAiGuardrails().ConfigurePrimaryHttpMessageHandler(() => upstream);
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        _client.BaseAddress = new Uri("https://api.example.com");
    }

    /// <summary>Makes the model's words of the last user message.</summary>
    public Func<string, string> Answer { get; set; }

    /// <summary>How many characters of its answer the model sends at a time; 0 to send it whole.</summary>
    public int Streams { get; set; }

    /// <summary>What the application calls the conversation.</summary>
    public string? Conversation { get; set; }

    /// <summary>Makes the body of an answer in place of the usual one.</summary>
    public Func<string, string>? Body { get; set; }

    /// <summary>The last user message that reached the model.</summary>
    public string Seen { get; private set; } = "";

    public IServiceProvider Services => _services;

    public WordPluginLog Log => _services.GetRequiredService<WordPluginLog>();

    /// <summary>What the caller reads after asking.</summary>
    public async Task<string> AskAsync(string? caller, params string[] messages)
    {
        using var response = await SendAsync(caller, "", messages);
        var body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        return Streams > 0 ? StreamEndingTests.ChatText(StreamEndingTests.Data(body))
            : Body is not null ? body
            : JsonNode.Parse(body)!["choices"]![0]!["message"]!["content"]!.GetValue<string>();
    }

    /// <summary>Sends messages, the user's and the assistant's in turn.</summary>
    public async Task<HttpResponseMessage> SendAsync(string? caller, string members, params string[] messages)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        if (Conversation is not null)
        {
            request.SetGuardrailConversation(Conversation);
        }

        using var use = GuardrailCaller.Use(caller is null ? GuardrailCaller.Anonymous : new GuardrailCaller(caller));
        var all = new JsonArray([.. messages.Select((m, i) => new JsonObject { ["role"] = i % 2 == 0 ? "user" : "assistant", ["content"] = m })]);
        var json = $$"""{ "model": "m", "stream": {{(Streams > 0 ? "true" : "false")}}, {{members}} "messages": {{all.ToJsonString()}} }""";
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await _client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _services.DisposeAsync();
    }

    private HttpResponseMessage Respond(HttpRequestMessage request)
    {
        using var reader = new StreamReader(request.Content!.ReadAsStream());
        Seen = JsonNode.Parse(reader.ReadToEnd())!["messages"]!.AsArray()
            .Last(m => m!["role"]!.GetValue<string>() == "user")!["content"]!.GetValue<string>();
        var words = Answer(Seen);
        if (Streams > 0)
        {
            var content = new ByteArrayContent(SampleStreams.Chat(words.Chunk(Streams).Select(c => new string(c))));
            content.Headers.TryAddWithoutValidation("Content-Type", "text/event-stream");
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        }

        var body = Body?.Invoke(Seen) ?? new JsonObject
        {
            ["id"] = "c", ["object"] = "chat.completion", ["created"] = 1, ["model"] = "m",
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = words },
            ["finish_reason"] = "stop" }),
        }.ToJsonString();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
