using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Client;

/// <summary>An application with one guarded client, for one test.</summary>
internal sealed class GuardedClient : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public GuardedClient(
        string entries,
        Func<HttpRequestMessage, HttpResponseMessage> answer, Action<GuardrailHttpClientOptions>? configure = null,
        string more = "",
        string gateway = "",
        Action<IAiGuardrailsBuilder>? configureServices = null)
    {
        Upstream = new RecordingUpstream(answer);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<WordPluginLog>();
        var builder = services.AddAiGuardrails(o =>
            o.PolicyJson = $$"""{ "gateway": { "name": "G", {{gateway}} "required_plugins": [ {{entries}} ] } {{more}} }""").AddPlugin<WordPlugin>();
        configureServices?.Invoke(builder);
        services.AddHttpClient("llm").AddAiGuardrails(configure).ConfigurePrimaryHttpMessageHandler(() => Upstream);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        Client.BaseAddress = new Uri("https://api.example.com");
    }

    public HttpClient Client { get; }

    public RecordingUpstream Upstream { get; }

    public WordPluginLog Log => _services.GetRequiredService<WordPluginLog>();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _services.DisposeAsync();
    }
}
