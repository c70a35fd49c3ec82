using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Client;

[TestFixture]
public sealed class ClientRegistrationTests
{
    private const string BlockForA = """
        { "services": [{ "id": "a", "required_plugins": [{ "name": "word", "settings": { "block": "plum" } }] }] }
        """;

    [TestCase("a", HttpStatusCode.Forbidden)]
    [TestCase("b", HttpStatusCode.OK)]
    public async Task AddAiGuardrails_ByDefaultForAllClients_EachIsTheServiceOfItsName(string client, HttpStatusCode expected)
    {
        await using var services = Services(static services =>
        {
            services.AddHttpClient("a");
            services.AddHttpClient("b");
            services.ConfigureHttpClientDefaults(static all => all.AddAiGuardrails());
        });

        using var response = await SendAsync(services, client);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task AddAiGuardrails_ByDefaultAndForOneClient_OptionsOfTheClientCount()
    {
        await using var services = Services(static services =>
        {
            services.ConfigureHttpClientDefaults(static all => all.AddAiGuardrails());
            services.AddHttpClient("a").AddAiGuardrails(static options => options.ThrowOnBlock = true);
        });

        Assert.That(async () => (await SendAsync(services, "a")).Dispose(), Throws.InstanceOf<GuardrailBlockedException>());
    }

    [Test]
    public async Task Send_ServicesAreDisposed_NamesTheGuardrails()
    {
        HttpClient client;
        await using (var services = Services(static services => services.AddHttpClient("a").AddAiGuardrails()))
        {
            client = services.GetRequiredService<IHttpClientFactory>().CreateClient("a");
        }

        using (client)
        {
            Assert.That(
                () => client.GetAsync(new Uri("https://api.example.com/")),
                Throws.TypeOf<ObjectDisposedException>().With.Property("ObjectName").EqualTo("LlmGuard.IAiGuardrails"));
        }
    }

    [Test]
    public async Task AddAiGuardrails_Twice_GuardsOnceUnderBothOptions()
    {
        await using var services = Services(static services => services.AddHttpClient("other")
            .AddAiGuardrails(static options => options.Service = "a")
            .AddAiGuardrails(static options => options.ThrowOnBlock = true));

        Assert.That(async () => (await SendAsync(services, "other")).Dispose(), Throws.InstanceOf<GuardrailBlockedException>());
    }

    [Test]
    public async Task AddAiGuardrails_ServiceThatThePolicyLacks_ClientIsNotMade()
    {
        await using var services = Services(static services =>
            services.AddHttpClient("llm").AddAiGuardrails(static options => options.Service = "A"));

        Assert.That(
            () => services.GetRequiredService<IHttpClientFactory>().CreateClient("llm"),
            Throws.InvalidOperationException.With.Message.EqualTo(
                """The client "llm" names the service "A", which the policy lacks. Add it to "services"."""));
    }

    private static Task<HttpResponseMessage> SendAsync(ServiceProvider services, string client) =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient(client)
            .PostAsync(new Uri("https://api.example.com/any"), new StringContent("a plum"));

    private static ServiceProvider Services(Action<IServiceCollection> clients)
    {
        var services = new ServiceCollection();
        services.AddSingleton<WordPluginLog>();
        services.AddAiGuardrails(static o => o.PolicyJson = BlockForA).AddPlugin<WordPlugin>();
        clients(services);
        services.ConfigureHttpClientDefaults(static all =>
            all.ConfigurePrimaryHttpMessageHandler(static () => new RecordingUpstream(static _ => RecordingUpstream.Json("{}"))));
        return services.BuildServiceProvider();
    }
}
