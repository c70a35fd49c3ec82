using System.Globalization;
using System.Text;
using LlmGuard.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Benchmarks.Redis;

/// <summary>What a limit on Redis adds to the latency of a call that costs nothing else, at 1, 16 and 64 callers.</summary>
internal static class RedisLatency
{
    private const int Rounds = 5;
    private const int Calls = 2_000;

    private const string Policy = """
        { "gateway": { "name": "G", "required_plugins": [ { "name": "rate_limiter", "settings": { "limits": [ { "by": "global", "limit": 1000000000, "window": "1h" } ] } } ] } }
        """;

    public static async Task RunAsync()
    {
        await using var server = await RedisServer.StartAsync();
        await using var unlimited = Build(null, 1);
        await using var onRedis = Build(server.Endpoint, 1);
        await using var inAdvance = Build(server.Endpoint, 100);
        (string Name, ServiceProvider Services)[] sides =
            [("unlimited", unlimited), ("limited on Redis", onRedis), ("limited on Redis, 100 in advance", inAdvance)];
        foreach (var callers in (int[])[1, 16, 64])
        {
            var best = new double[sides.Length];
            Array.Fill(best, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < sides.Length; i++)
                {
                    best[i] = Math.Min(best[i], await MedianAsync(sides[i].Services, callers));
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{callers} callers: ")
                + string.Join(", ", sides.Select((s, i) => string.Create(
                CultureInfo.InvariantCulture, $"{s.Name} {best[i]:F0} us ({best[i] - best[0]:+0;-0;0})"))));
        }
    }

    private static async Task<double> MedianAsync(ServiceProvider services, int callers)
    {
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
            var own = new List<double>();
            for (var i = 0; i < Calls / callers; i++)
            {
                var started = TimeProvider.System.GetTimestamp();
                using var content =
                    new StringContent("""{"model":"m","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json");
                using var response = await client.PostAsync(new Uri("https://model.example/v1/chat/completions"), content);
                own.Add(TimeProvider.System.GetElapsedTime(started).TotalMicroseconds);
            }

            return own;
        })));
        var all = times.SelectMany(t => t).Order().ToArray();
        return all[all.Length / 2];
    }

    private static ServiceProvider Build(string? redis, int inAdvance)
    {
        var services = new ServiceCollection();
        var client = services.AddHttpClient("llm").ConfigurePrimaryHttpMessageHandler(static () => new Model());
        if (redis is not null)
        {
            services.AddAiGuardrails(o => o.PolicyJson = Policy).AddRateLimiter()
                .AddRedis(redis, o => (o.LeaseRequests, o.KeyPrefix) = (inAdvance, $"{{{inAdvance}}}"));
            client.AddAiGuardrails();
        }

        return services.BuildServiceProvider();
    }

    private sealed class Model : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent("{}", Encoding.UTF8, "application/json") });
    }
}
