using System.Text;
using LlmGuard.Execution.Background;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Streams;

/// <summary>However a stream ends, over sockets and in both seams: post_response runs once, says how, and nothing is held afterwards.</summary>
[CancelAfter(120_000)]
internal sealed class StreamEndingTests
{
    private const string Masks = """
        { "name": "data_masking", "stage": "pre_response", "settings": { "apply_all": true } },
        { "name": "settling" }
        """;

    [Test]
    public async Task Ask_TenThousandDeltas_ArriveMasked([Values] bool isGateway)
    {
        var (text, ending) = await ReadAsync(isGateway, static async context =>
        {
            for (var n = 0; n < 10_000; n++)
            {
                await context.Response.WriteAsync(StreamedModel.Delta("write to a.b@c.de now, "[n % 23].ToString()));
            }

            await context.Response.WriteAsync(StreamedModel.Usage + StreamedModel.Done);
        });
        Assert.That(text, Does.EndWith(StreamedModel.Done));
        Assert.That(Words(text), Does.Not.Contain("@").And.Contain("write to "));
        Assert.That(ending, Is.EqualTo((CallEnding.Completed, 7L)));
    }

    [Test]
    public async Task Ask_OneEventOfFiveMegabytes_ArrivesMasked([Values] bool isGateway)
    {
        var (text, ending) = await ReadAsync(isGateway, static async context =>
        {
            var delta = "write to a.b@c.de now, " + string.Concat(Enumerable.Repeat("and nobody else at all, ", 5 * 1024 * 1024 / 24)) + "a.b@c.de";
            await context.Response.WriteAsync(StreamedModel.Delta(delta) + StreamedModel.Usage + StreamedModel.Done);
        });
        Assert.That(text.Contains('@', StringComparison.Ordinal), Is.False);
        Assert.That(text.EndsWith(StreamedModel.Done, StringComparison.Ordinal));
        Assert.That(ending, Is.EqualTo((CallEnding.Completed, 7L)));
    }

    [Test]
    public async Task Ask_StreamWithoutText_Arrives([Values] bool isGateway)
    {
        var (text, ending) =
            await ReadAsync(isGateway, static context => context.Response.WriteAsync(": hello\n\n" + StreamedModel.Usage + StreamedModel.Done));
        Assert.That(text, Is.EqualTo(": hello\n\n" + StreamedModel.Usage + StreamedModel.Done));
        Assert.That(ending, Is.EqualTo((CallEnding.Completed, 7L)));
    }

    [Test]
    public async Task Ask_ErrorEventAmidTheStream_ArrivesMasked([Values] bool isGateway)
    {
        var (text, ending) = await ReadAsync(isGateway, static context => context.Response.WriteAsync(
            StreamedModel.Delta("half an ")
                + "data: {\"error\":{\"message\":\"failed for a.b@c.de\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n"));
        Assert.That(text, Does.Contain("half an ").And.Contain("server_error").And.Not.Contain("a.b@c.de"));
        Assert.That(ending.Ending, Is.EqualTo(CallEnding.Completed));
    }

    [Test]
    public async Task Ask_ModelThatBreaksOff_EndsOnceAsFailed([Values] bool isGateway)
    {
        var settling = new SettlingPlugin(GuardrailNeeds.Usage);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var model = await StreamedModel.StartAsync(
            isGateway,
            Masks,
            async context =>
            {
                await context.Response.WriteAsync(StreamedModel.Delta("half an ") + StreamedModel.Delta("answer of a."));
                await context.Response.Body.FlushAsync();
                await seen.Task;
                context.Abort();
            },
            settling);
        var text = new StringBuilder();
        Assert.CatchAsync(async () =>
        {
            using var response = await model.AskAsync();
            var stream = await response.Content.ReadAsStreamAsync();
            var chunk = new byte[4096];
            while (await stream.ReadAsync(chunk) is > 0 and var count)
            {
                text.Append(Encoding.UTF8.GetString(chunk, 0, count));
                seen.TrySetResult();
            }
        });
        Assert.That(text.ToString(), Does.Contain("half an ").And.Not.Contain("answer of"), "what was held is not let go");
        var (ending, _) = await settling.Settled;
        Assert.That(ending, Is.EqualTo(CallEnding.UpstreamFailed).Or.EqualTo(CallEnding.Aborted));
        await AssertNothingHeldAsync(model, settling);
    }

    [Test]
    public async Task Ask_CallerThatGoes_LeavesTheModelAndEndsOnce([Values] bool isGateway)
    {
        var settling = new SettlingPlugin(GuardrailNeeds.Usage);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var model = await StreamedModel.StartAsync(
            isGateway,
            Masks,
            async context =>
            {
                await context.Response.WriteAsync(StreamedModel.Delta("half an ") + StreamedModel.Delta("answer of a."));
                await context.Response.Body.FlushAsync();
                await using var registration = context.RequestAborted.Register(left.SetResult);
                await left.Task;
            },
            settling);
        using (var response = await model.AskAsync())
        {
            var stream = await response.Content.ReadAsStreamAsync();
            Assert.That(await stream.ReadAsync(new byte[100]), Is.GreaterThan(0));
        }

        await left.Task;
        var (ending, _) = await settling.Settled;
        Assert.That(ending, Is.EqualTo(CallEnding.Aborted));
        await AssertNothingHeldAsync(model, settling);
    }

    private static async Task<(string Text, (CallEnding? Ending, long? Tokens) Settled)> ReadAsync(bool isGateway, Func<HttpContext, Task> answer)
    {
        var settling = new SettlingPlugin(GuardrailNeeds.Usage);
        await using var model = await StreamedModel.StartAsync(isGateway, Masks, answer, settling);
        var text = new StringBuilder();
        using (var response = await model.AskAsync())
        {
            await CopyAsync(response, text);
        }

        var settled = await settling.Settled;
        await AssertNothingHeldAsync(model, settling);
        return (text.ToString(), settled);
    }

    private static async Task AssertNothingHeldAsync(StreamedModel model, SettlingPlugin settling)
    {
        // The call gives back what it holds right after its last stage, which has run.
        var budget = model.Services.GetRequiredService<HeldBytesBudget>();
        Assert.That(await Harness.Poll.UntilAsync(() => budget.Held == 0));
        Assert.That(settling.Calls, Is.EqualTo(1));
    }

    private static async Task CopyAsync(HttpResponseMessage response, StringBuilder text)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var chunk = new char[4096];
        while (await reader.ReadAsync(chunk) is > 0 and var count)
        {
            text.Append(chunk, 0, count);
        }
    }

    private static string Words(string stream) => string.Concat(stream.Split('\n')
        .Where(static line => line.Contains("\"content\":", StringComparison.Ordinal))
        .Select(static line =>
            System.Text.Json.Nodes.JsonNode.Parse(line["data: ".Length..])!["choices"]![0]!["delta"]!["content"]!.GetValue<string>()));
}
