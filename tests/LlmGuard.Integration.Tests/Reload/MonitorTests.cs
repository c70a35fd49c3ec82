using System.Diagnostics.Metrics;
using LlmGuard.Integration.Tests.Harness;
using LlmGuard.Tests.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Reload;

/// <summary>Monitoring adds nothing that a request waits for, and what waits for it is bounded.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class MonitorTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task MonitorThatNeverEnds_RequestsAreAnsweredAndTheQueueIsBounded(bool holdsItsThread)
    {
        var token = TestContext.CurrentContext.CancellationToken;
        using var end = new ManualResetEventSlim();
        var never = new TaskCompletionSource();
        var watcher = new ScriptedPlugin("watcher", async (_, _) =>
        {
            if (holdsItsThread)
            {
                end.Wait(CancellationToken.None);
            }

            await never.Task;
            return GuardrailVerdict.Block();
        });
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using var gateway = await GuardedGateway.StartAsync(
            upstream,
            Chat.Gateway("""{ "name": "watcher", "mode": "monitor", "timeout_ms": 600000, "stage": ["pre_request", "pre_response"] }"""),
            [watcher],
            options: static o =>
            {
                o.MaxMonitorQueueBytes = 64 * 1024;
                o.MonitorDrainTimeout = TimeSpan.Zero;
            });
        using var dropped = new CounterReader(gateway.Services.GetRequiredService<IMeterFactory>(), "llmguard.monitor.dropped");
        try
        {
            for (var i = 0; i < 200; i++)
            {
                var (status, body) = await gateway.Client.PostAsync(Chat.Path, Chat.Request(new string('x', 4000)), token);
                Assert.That((status, body), Is.EqualTo((200, Chat.Answer("fine"))));
            }

            Assert.That(dropped.Total, Is.GreaterThan(0));
        }
        finally
        {
            end.Set();
            never.SetResult();
        }
    }
}
