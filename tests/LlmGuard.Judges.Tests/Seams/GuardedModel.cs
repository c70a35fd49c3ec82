using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Judges.Tests.Matrix;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Judges.Tests.Seams;

/// <summary>A guarded client of a chat model that answers with a text, at once or after a signal.</summary>
internal sealed class GuardedModel : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public GuardedModel(JudgeDescriptor judge, Uri address, string entry, string answer)
    {
        var settings = JsonNode.Parse(judge.Settings(address))!.AsObject();
        settings["allow_private_endpoints"] = true;
        var policy = JsonNode.Parse($$"""{ "gateway": { "name": "G", "required_plugins": [ { "name": "{{judge.Plugin}}", {{entry}} } ] } }""")!;
        foreach (var plugin in policy["gateway"]!["required_plugins"]!.AsArray())
        {
            plugin!["settings"] = settings.DeepClone();
        }

        var services = new ServiceCollection();
        services.AddLogging();
        judge.Add(services.AddAiGuardrails(options => options.PolicyJson = policy.ToJsonString()));
        Model = new ModelHandler(answer);
        services.AddHttpClient("llm", client => client.BaseAddress = new Uri("https://model.example")).AddAiGuardrails()
            .ConfigurePrimaryHttpMessageHandler(() => Model);
        _services = services.BuildServiceProvider();
    }

    public ModelHandler Model { get; }

    /// <summary>Asks the model.</summary>
    public async Task<(HttpStatusCode Status, string Body)> ChatAsync(string text, bool stream = false)
    {
        using var client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        var body = new JsonObject
        {
            ["model"] = "gpt-4o",
            ["stream"] = stream,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        return (response.StatusCode, await reader.ReadToEndAsync());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>The model.</summary>
    internal sealed class ModelHandler(string answer) : HttpMessageHandler
    {
        private int _calls;

        /// <summary>What the model does before it answers.</summary>
        public Func<CancellationToken, Task> Thinks { get; set; } = static _ => Task.CompletedTask;

        public int Calls => Volatile.Read(ref _calls);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            var asked = JsonNode.Parse(await new StreamReader(await request.Content!.ReadAsStreamAsync(cancellationToken))
                .ReadToEndAsync(cancellationToken))!;
            await Thinks(cancellationToken);
            return asked["stream"]!.GetValue<bool>() ? Stream() : Whole();
        }

        private HttpResponseMessage Whole() => new(HttpStatusCode.OK)
        {
            Content = new StringContent(
                $$$"""{"id":"c","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"{{{answer}}}"},"finish_reason":"stop"}]}""",
                Encoding.UTF8,
                "application/json"),
        };

        private HttpResponseMessage Stream()
        {
            var events = new StringBuilder();
            foreach (var word in answer.Split(' '))
            {
                events.Append($$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"{{{word}}} "},"finish_reason":null}]}""").Append("\n\n");
            }

            events.Append("""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""").Append("\n\ndata: [DONE]\n\n");
            return new(HttpStatusCode.OK) { Content = new StringContent(events.ToString(), Encoding.UTF8, "text/event-stream") };
        }
    }
}
