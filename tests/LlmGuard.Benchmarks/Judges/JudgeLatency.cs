using System.Text;
using LlmGuard.FakeClouds.OpenAI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Benchmarks.Judges;

/// <summary>The latency of a call to a model that takes 300 ms, guarded by a judge that takes 50 ms, by where the judge stands.</summary>
internal static class JudgeLatency
{
    private const int Calls = 21;

    private static readonly TimeSpan ModelTime = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan JudgeTime = TimeSpan.FromMilliseconds(50);

    private static readonly (string Name, string? Entry)[] Placements =
    [
        ("unguarded", null),
        ("pre_request", """ "stage": "pre_request" """),
        ("post_request", """ "stage": "post_request" """),
        ("monitor", """ "stage": "pre_request", "mode": "monitor" """),
    ];

    /// <summary>Measures, interleaved, and prints the medians.</summary>
    public static async Task RunAsync()
    {
        await using var fake = new FakeOpenAIModerations();
        await fake.StartAsync();
        fake.Latency = JudgeTime;
        var providers = Placements.Select(p => Build(p.Entry, fake.Endpoint)).ToArray();
        var times = Placements.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Calls; round++)
        {
            for (var i = 0; i < providers.Length; i++)
            {
                var client = providers[i].GetRequiredService<IHttpClientFactory>().CreateClient("llm");
                var started = TimeProvider.System.GetTimestamp();
                using var content =
                    new StringContent("""{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json");
                using var response = await client.PostAsync(new Uri("https://model.example/v1/chat/completions"), content);
                times[i].Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        for (var i = 0; i < providers.Length; i++)
        {
            var median = Median(times[i]);
            Console.WriteLine(FormattableString.Invariant($"{Placements[i].Name}: {median:F2} ms, {median - Median(times[0]):+0.00;-0.00} ms"));
            await providers[i].DisposeAsync();
        }
    }

    private static double Median(List<double> times) => times.Skip(1).Order().ElementAt((Calls - 1) / 2);

    private static ServiceProvider Build(string? entry, Uri judge)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var client = services.AddHttpClient("llm").ConfigurePrimaryHttpMessageHandler(static () => new Model());
        if (entry is not null)
        {
            var settings = $$"""{ "api_key": "{{FakeOpenAIModerations.Key}}", "endpoint": "{{judge}}", "allow_private_endpoints": true }""";
            services.AddAiGuardrails(o =>
                o.PolicyJson =
                $$"""{ "gateway": { "name": "G", "required_plugins": [ { "name": "toxicity_openai", {{entry}}, "settings": {{settings}} } ] } }""")
                .AddToxicityOpenAI();
            client.AddAiGuardrails();
        }

        return services.BuildServiceProvider();
    }

    private sealed class Model : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(ModelTime, TimeProvider.System, cancellationToken);
            return new HttpResponseMessage(System.Net.HttpStatusCode.OK)
            {
                Content = new StringContent("""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}""", Encoding.UTF8, "application/json"),
            };
        }
    }
}
