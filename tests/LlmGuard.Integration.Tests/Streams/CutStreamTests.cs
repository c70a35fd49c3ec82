using System.Text;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.Integration.Tests.Streams;

/// <summary>An answer that is cut amid its stream, over sockets and in both seams: what becomes of the model's connection.</summary>
[CancelAfter(120_000)]
internal sealed class CutStreamTests
{
    private const string Blocks = """
        { "name": "data_masking", "stage": "pre_response", "settings": { "rules": [ { "pattern": "Bluebird", "type": "keyword", "mask_with": "*", "action": "block" } ] } },
        { "name": "settling" }
        """;

    [Test]
    public async Task Cut_WithEntryThatSettlesByUsage_ReadsOnAndSettlesOnce([Values] bool isGateway)
    {
        var settling = new SettlingPlugin(GuardrailNeeds.Usage);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = false;
        await using var model = await StreamedModel.StartAsync(
            isGateway,
            Blocks,
            async context =>
            {
                await context.Response.WriteAsync(StreamedModel.Delta("fine, ") + StreamedModel.Delta("a Bluebird flies"));
                await context.Response.Body.FlushAsync();

                // Only once the caller has seen its ending does the model go on.
                await seen.Task;
                aborted = context.RequestAborted.IsCancellationRequested;
                await context.Response.WriteAsync(StreamedModel.Delta(" away") + StreamedModel.Usage + StreamedModel.Done);
            },
            settling);
        using var response = await model.AskAsync();
        var text = await ReadToDoneAsync(response);
        seen.SetResult();
        if (!isGateway)
        {
            // As SDKs do.
            response.Dispose();
        }

        var (ending, tokens) = await settling.Settled;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("fine, ").And.Contain("content_filter").And.Not.Contain("Bluebird"));
            Assert.That(ending, Is.EqualTo(CallEnding.Blocked));
            Assert.That(tokens, Is.EqualTo(7));
            Assert.That(settling.Calls, Is.EqualTo(1));
            Assert.That(aborted, Is.False);
        }
    }

    [Test]
    public async Task Cut_WithoutSettlement_LeavesTheModelAtOnce([Values] bool isGateway)
    {
        var settling = new SettlingPlugin(GuardrailNeeds.None);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var model = await StreamedModel.StartAsync(
            isGateway,
            Blocks,
            async context =>
            {
                await context.Response.WriteAsync(StreamedModel.Delta("fine, ") + StreamedModel.Delta("a Bluebird flies"));
                await context.Response.Body.FlushAsync();
                await using var registration = context.RequestAborted.Register(left.SetResult);
                await left.Task;
            },
            settling);
        using var response = await model.AskAsync();
        var text = await ReadToDoneAsync(response);
        await left.Task;
        Assert.That(text, Does.Contain("fine, ").And.Contain("content_filter").And.Not.Contain("Bluebird"));
    }

    /// <summary>Reads as clients do, to where the answer says that it is over and not to the end of its bytes.</summary>
    private static async Task<string> ReadToDoneAsync(HttpResponseMessage response)
    {
        var stream = await response.Content.ReadAsStreamAsync();
        var text = new StringBuilder();
        var chunk = new byte[4096];
        while (!text.ToString().EndsWith(StreamedModel.Done, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(chunk);
            Assert.That(count, Is.GreaterThan(0), text.ToString());
            text.Append(Encoding.UTF8.GetString(chunk, 0, count));
        }

        return text.ToString();
    }
}
