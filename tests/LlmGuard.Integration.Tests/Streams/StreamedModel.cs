using System.Globalization;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Streams;

/// <summary>A model that streams as a test says, over sockets, behind a guard in one of the two seams.</summary>
internal sealed class StreamedModel : IAsyncDisposable
{
    public const string Usage =
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}\n\n";

    public const string Done = "data: [DONE]\n\n";

    private readonly RecordingUpstream _upstream;
    private readonly GuardedGateway? _gateway;
    private readonly ServiceProvider? _clients;
    private readonly HttpClient _client;

    private StreamedModel(RecordingUpstream upstream, GuardedGateway? gateway, ServiceProvider? clients)
    {
        _upstream = upstream;
        _gateway = gateway;
        _clients = clients;
        Services = gateway?.Services ?? clients!;
        _client = clients?.GetRequiredService<IHttpClientFactory>().CreateClient("llm") ?? gateway!.Client;
        _client.BaseAddress ??= upstream.Url;
    }

    public IServiceProvider Services { get; }

    /// <summary>Starts it.</summary>
    /// <param name="isGateway">Whether the guard is the gateway example, or under the caller's client.</param>
    /// <param name="entries">The policy's entries.</param>
    /// <param name="answer">Writes the events.</param>
    /// <param name="plugins">Plugins beside data_masking.</param>
    public static async Task<StreamedModel> StartAsync(
        bool isGateway, string entries, Func<HttpContext, Task> answer,
        params IGuardrailPlugin[] plugins)
    {
        var upstream = await RecordingUpstream.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.StartAsync(context.RequestAborted);
            await answer(context);
        });
        var policy = $$"""{ "gateway": { "name": "G", "required_plugins": [ {{entries}} ] } }""";
        if (isGateway)
        {
            return new StreamedModel(upstream, await GuardedGateway.StartAsync(upstream, policy, plugins), null);
        }

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(options => options.PolicyJson = policy).AddDataMasking();
        foreach (var plugin in plugins)
        {
            services.AddSingleton(plugin);
        }

        services.AddHttpClient("llm").AddAiGuardrails();
        return new StreamedModel(upstream, null, services.BuildServiceProvider());
    }

    /// <summary>One event of a streamed answer.</summary>
    public static string Delta(string text) => string.Create(
        CultureInfo.InvariantCulture,
        $"data: {{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":null}}]}}\n\n");

    public Task<HttpResponseMessage> AskAsync(CancellationToken cancellationToken = default) => _client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                """{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""",
                System.Text.Encoding.UTF8, "application/json"),
        },
        HttpCompletionOption.ResponseHeadersRead,
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_clients is not null)
        {
            _client.Dispose();
            await _clients.DisposeAsync();
        }

        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        await _upstream.DisposeAsync();
    }
}
