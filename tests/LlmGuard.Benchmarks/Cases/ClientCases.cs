using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>An HttpClient with and without the guard, over a transport that costs next to nothing: the ratio is the worst that can be seen.</summary>
internal static class ClientCases
{
    private static readonly Uri Target = new("http://model.example" + ChatText.Path);

    public static IEnumerable<Comparison> All()
    {
        foreach (var size in new[] { 2 * 1024, 64 * 1024 })
        {
            yield return Of(size, BenchmarkPolicies.Empty, "empty policy", ChatBodies.Clean);
            yield return Of(size, BenchmarkPolicies.Nothing(1, NothingPlugin.Name), "1 plugin that does nothing", ChatBodies.Clean);
            yield return Of(size, BenchmarkPolicies.Example, "example policy, nothing found", ChatBodies.Clean);
            yield return Of(size, BenchmarkPolicies.Example, "example policy, every message masked", ChatBodies.Dirty);
        }
    }

    private static Comparison Of(int size, string policy, string what, Func<int, IReadOnlyList<byte[]>> make) =>
        new($"HttpClient in memory, {Suite.Show(size)}, {what}", () =>
    {
        var bodies = make(size);
        var (guarded, plain) = (Client(policy), Client(null));
        return Task.FromResult(new Pair(Posting("guarded", guarded, bodies), Posting("unguarded", plain, bodies), guarded, plain));
    });

    private static ServiceProvider Client(string? policy)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var client = services.AddHttpClient("model").RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(() => new StaticHandler());
        if (policy is not null)
        {
            Engine.Add(services, policy);
            client.AddAiGuardrails();
        }

        return services.BuildServiceProvider();
    }

    private static Side Posting(string name, ServiceProvider services, IReadOnlyList<byte[]> bodies)
    {
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("model");
        var rotation = new Rotation<byte[]>(bodies);
        return Side.Of(name, async () =>
        {
            using var content = new ByteArrayContent(rotation.Next());
            content.Headers.ContentType = new("application/json");
            using var response = await client.PostAsync(Target, content);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync();
        });
    }

    /// <summary>Reads what it is sent, as a socket would, and answers.</summary>
    private sealed class StaticHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            var content = new ReadOnlyMemoryContent(ChatAnswer.Json);
            content.Headers.ContentType = new("application/json");
            return new HttpResponseMessage { Content = content };
        }
    }
}
