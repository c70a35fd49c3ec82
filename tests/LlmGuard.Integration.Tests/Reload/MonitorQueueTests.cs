using System.Diagnostics.Metrics;
using LlmGuard.Execution;
using LlmGuard.Integration.Tests.Harness;
using LlmGuard.Integration.Tests.Leaks;
using LlmGuard.Tests.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Integration.Tests.Reload;

/// <summary>A monitoring judge that stands still while long requests come in over sockets, and then goes on.</summary>
[TestFixture]
[CancelAfter(120_000)]
public sealed class MonitorQueueTests
{
    private const int Calls = 300;
    private const int Length = 100_000;
    private const long Room = 1024 * 1024;

    // What all requests together would hold is twice as much.
    private const long Memory = (long)Calls * Length / 2;

    [Test]
    public async Task JudgeStandsStill_CallersGoOn_WhatFindsNoRoomIsDroppedCountedAndLogged_AndItRecovers()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        using var logs = new CapturedLogs();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var judged = 0;
        var judge = new ScriptedPlugin("judge", async (_, _) =>
        {
            await goOn.Task;
            Interlocked.Increment(ref judged);
            return GuardrailVerdict.Block();
        });
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using var gateway = await GuardedGateway.StartAsync(
            upstream,
            Chat.Gateway("""{ "name": "judge", "mode": "monitor", "timeout_ms": 600000 }"""),
            [judge],
            builder => builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(logs),
            options: static o => o.MaxMonitorQueueBytes = Room);
        using var dropped = new CounterReader(gateway.Services.GetRequiredService<IMeterFactory>(), "llmguard.monitor.dropped");
        var queue = gateway.Services.GetRequiredService<ExecutionServices>().Monitors;
        var body = Chat.Request(new string('x', Length));
        await gateway.Client.PostAsync(Chat.Path, body, token);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var most = 0L;
        for (var i = 1; i < Calls; i++)
        {
            Assert.That(await gateway.Client.PostAsync(Chat.Path, body, token), Is.EqualTo((200, Chat.Answer("fine"))));
            most = Math.Max(most, queue.Bytes);
        }

        // What was sent is the upstream's record of it, which is the test's.
        var held = GC.GetTotalMemory(forceFullCollection: true) - before - (Calls * (long)Length);
        var lost = dropped.Total;
        goOn.SetResult();

        Assert.That(await Poll.UntilAsync(() => queue.Bytes == 0, token), "what has room is judged in the end");
        Assert.Multiple(() =>
        {
            Assert.That(most, Is.InRange(Length, Room));
            Assert.That(held, Is.LessThan(Memory));
            Assert.That(judged + lost, Is.EqualTo(Calls), "every call is either judged or counted as dropped");
            Assert.That(judged, Is.InRange(1, Room / Length));
            Assert.That(logs.Written.Count(static l => l.Contains("Monitoring work of call", StringComparison.Ordinal)), Is.EqualTo(lost));
        });

        await gateway.Client.PostAsync(Chat.Path, body, token);
        Assert.That(await Poll.UntilAsync(() => Volatile.Read(ref judged) + lost == Calls + 1, token), "the next call is judged again");
        Assert.That(dropped.Total, Is.EqualTo(lost));
    }
}
