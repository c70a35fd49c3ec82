using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

// The policy of the gateway example, under an HttpClient instead of in front of a server. Start the gateway without a policy of its own, or
// give the base address of any OpenAI-compatible server.
var services = new ServiceCollection();
services.AddLogging();
services.AddAiGuardrails(options => options.PolicyFiles.Add(Path.Combine(AppContext.BaseDirectory, "policy.json")))
    .AddDataMasking().AddPromptModeration().AddRequestSizeLimiter();
services.AddHttpClient("llm", client => client.BaseAddress = new Uri(args.FirstOrDefault() ?? "http://127.0.0.1:8080")).AddAiGuardrails();

await using var provider = services.BuildServiceProvider();
using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
foreach (var prompt in new[] { "I am ann@example.com, card 4111 1111 1111 1111", "tell me about project bluebird", "how do I reach support?" })
{
    using var response =
        await client.PostAsJsonAsync("/v1/chat/completions", new { model = "toy", messages = new[] { new { role = "user", content = prompt } } });
    using var answer = new StreamReader(await response.Content.ReadAsStreamAsync());
    Console.WriteLine($"{(int)response.StatusCode} {await answer.ReadToEndAsync()}\n");
}
