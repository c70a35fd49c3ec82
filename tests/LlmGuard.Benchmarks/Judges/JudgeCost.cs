using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Benchmarks.Judges;

/// <summary>What a remote judge costs above the bare HTTP call: both ask an answer that is there at once, without a network.</summary>
internal static class JudgeCost
{
    private const int Rounds = 15;
    private const int Calls = 2000;
    private const string Text = "What is the capital of France, and how long has it been the capital of that country?";

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes("""
        {"id":"modr-1","model":"omni-moderation-latest","results":[{"flagged":false,"categories":{"harassment":false,"harassment/threatening":false,"hate":false,
        "hate/threatening":false,"self-harm":false,"self-harm/intent":false,"self-harm/instructions":false,"sexual":false,"sexual/minors":false,"violence":false,
        "violence/graphic":false,"illicit":false,"illicit/violent":false},"category_scores":{"harassment":0.00001,"harassment/threatening":0.00001,"hate":0.00001,
        "hate/threatening":0.00001,"self-harm":0.00001,"self-harm/intent":0.00001,"self-harm/instructions":0.00001,"sexual":0.00001,"sexual/minors":0.00001,
        "violence":0.00001,"violence/graphic":0.00001,"illicit":0.00001,"illicit/violent":0.00001},"category_applied_input_types":{}}]}
        """);

    /// <summary>Measures, interleaved, and prints the best round of each.</summary>
    public static async Task RunAsync()
    {
        var services = new ServiceCollection();
        services.AddAiGuardrails().AddToxicityOpenAI();
        services.AddHttpClient("LlmGuard.toxicity_openai").ConfigurePrimaryHttpMessageHandler(static () => new InstantHandler());
        await using var provider = services.BuildServiceProvider();
        var evaluator = provider.GetServices<IGuardrailPlugin>().Single().Create(GuardrailSettings.Parse("""{ "api_key": "k" }"""));
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText(Text, SegmentRole.User));
        using var client = new HttpClient(new InstantHandler());
        var (bare, judged) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            bare = Math.Min(bare, await MeasureAsync(() => BareAsync(client)));
            judged = Math.Min(judged, await MeasureAsync(async () => await evaluator.EvaluateAsync(call, default)));
        }

        Console.WriteLine(FormattableString.Invariant($"bare {bare:F2} us, judged {judged:F2} us, overhead {judged - bare:F2} us"));
    }

    private static async Task<double> MeasureAsync(Func<Task> ask)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            await ask();
        }

        return TimeProvider.System.GetElapsedTime(started).TotalMicroseconds / Calls;
    }

    private static async Task BareAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://api.openai.com/v1/moderations")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Text)),
        };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
    }

    private sealed class InstantHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Answer) });
    }
}
