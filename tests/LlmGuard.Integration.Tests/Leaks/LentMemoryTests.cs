using System.Text.Json;
using LlmGuard.Tests.Fuzzing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Leaks;

/// <summary>
/// The memory a call's content lives in is used again by other calls: nobody ever sees another's text in it, and what somebody keeps says that it is
/// gone.
/// </summary>
public sealed class LentMemoryTests
{
    private const int Workers = 12;

    private const string Policy = """
        { "gateway": { "required_plugins": [
          { "name": "watch", "id": "inline", "settings": { "number": 1 } },
          { "name": "watch", "id": "monitor", "mode": "monitor", "settings": { "number": 2 } },
          { "name": "watch_pooled", "id": "pooled", "stage": ["pre_request", "post_request", "pre_response", "post_response"], "settings": { "number": 3 } },
          { "name": "watch_pooled", "id": "beside", "parallel": true, "settings": { "number": 4 } }
        ] } }
        """;

    [Test]
    public async Task Send_ManyCallsAtOnce_NobodySeesAnothersText()
    {
        var calls = FuzzBudget.Of(50);
        var watch = new Watch();
        await using (var services = Services(watch))
        {
            var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
            {
                var random = new Random(4711 + worker);
                for (var i = 0; i < calls; i++)
                {
                    await CallAsync(client, watch, $"{worker}-{i}", random);
                }
            })));
        }

        Assert.Multiple(() =>
        {
            Assert.That(watch.Strangers, Is.Empty);
            Assert.That(watch.Texts, Is.GreaterThan(Workers * calls * 10), "the entries have looked");
            Assert.That(watch.Gone, Is.GreaterThan(Workers * calls), "what was kept of a call that is over is gone");
        });
    }

    [Test]
    public async Task Send_TextsKeptByAnEvaluator_AreGoneWithTheCall()
    {
        var watch = new Watch();
        await using var services = Services(watch);
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        using var request = Request("0-0",
            "{\"model\":\"0-0\",\"messages\":[{\"role\":\"user\",\"content\":\"0-0\\n0-0\"},{\"role\":\"user\",\"content\":\"0-0\"}]}"u8.ToArray());

        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();

        Assert.That(watch.KeptOf("0-0"), Has.Count.EqualTo(2), "one text with an escape and one without");
        Assert.Multiple(() =>
        {
            foreach (var kept in watch.KeptOf("0-0"))
            {
                Assert.That(() => kept.Segment.Utf8, Throws.TypeOf<ObjectDisposedException>());
                Assert.That(() => kept.Segment.Text, Throws.TypeOf<ObjectDisposedException>());
                Assert.That(() => kept.Segment.Role, Throws.TypeOf<ObjectDisposedException>());
                Assert.That(() => kept.Content[0].Kind, Throws.TypeOf<ObjectDisposedException>());
                Assert.That(() => kept.Text.ToArray(), Throws.TypeOf<ObjectDisposedException>());
            }
        });
    }

    private static async Task CallAsync(HttpClient client, Watch watch, string mark, Random random)
    {
        var body = Body(mark, random);
        using var request = Request(mark, body);
        var completion = random.Next(2) == 0 ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead;
        using var response = await client.SendAsync(request, completion);
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(Echo.Of(body)), "what was sent on, and answered, is the call's own");
        watch.LookAgain(mark);
    }

    private static byte[] Body(string mark, Random random) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        model = mark,
        messages = Enumerable.Range(0, random.Next(1, 20)).Select(_ => new
        {
            role = "user",
            content = string.Join(random.Next(3) == 0 ? " " : random.Next(2) == 0 ? "\n" : "\"",
                Enumerable.Repeat(mark, random.Next(1, 1 << random.Next(1, 11)))),
        }),
    });

    private static HttpRequestMessage Request(string mark, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://model.example/v1/chat/completions") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("x-call", mark);
        return request;
    }

    private static ServiceProvider Services(Watch watch)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(options => options.PolicyJson = Policy);
        services.AddSingleton<IGuardrailPlugin>(new WatchPlugin(watch, isPooled: false));
        services.AddSingleton<IGuardrailPlugin>(new WatchPlugin(watch, isPooled: true));
        services.AddHttpClient("llm").RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(static () => new Echo()).AddAiGuardrails();
        return services.BuildServiceProvider();
    }

    /// <summary>Answers with the first message it was sent, written to it piece by piece.</summary>
    private sealed class Echo : HttpMessageHandler
    {
        public static byte[] Of(byte[] body)
        {
            using var request = JsonDocument.Parse(body);
            return JsonSerializer.SerializeToUtf8Bytes(new
            {
                @object = "chat.completion",
                choices = new[] { new { index = 0, message = new { role = "assistant",
                    content = request.RootElement.GetProperty("messages")[0].GetProperty("content").GetString() } } },
            });
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var sent = new MemoryStream();
            await Task.Yield();
            await request.Content!.CopyToAsync(sent, cancellationToken);
            await Task.Yield();
            var content = new ByteArrayContent(Of(sent.ToArray()));
            content.Headers.ContentType = new("application/json");
            return new HttpResponseMessage { Content = content };
        }
    }
}
