using System.Collections.Concurrent;
using LlmGuard.Integration.Tests.Harness;

namespace LlmGuard.Integration.Tests.Evil;

/// <summary>An evaluation that wakes after its deadline still reads its own bytes, whatever else the process does meanwhile.</summary>
[TestFixture]
[CancelAfter(90_000)]
public sealed class LateReaderTests
{
    private const int Sleepers = 8;
    private const int Others = 1000;

    [Test]
    public async Task Abandoned_WakesWhileAThousandOthersRun_ReadsItsOwnBytes()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var read = new ConcurrentBag<(string Before, string After)>();
        var late = new ScriptedPlugin("late", async (call, _) =>
        {
            var segment = call.Content.First(static s => s.Text.StartsWith("sleeper", StringComparison.Ordinal));
            var before = segment.Text;
            await wake.Task;
            read.Add((before, System.Text.Encoding.UTF8.GetString(segment.Utf8.Span)));
            return GuardrailVerdict.Block();
        });
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using var gateway = await GuardedGateway.StartAsync(
            upstream,
            $$"""
            {
              "gateway": { "name": "G", "required_plugins": [ {{TagPlugin.Entry("g")}} ] },
              "rules": [ { "path": "/late/*", "plugin_chain": [ { "name": "late", "timeout_ms": 100 } ] } ]
            }
            """,
            [new TagPlugin(), late]);

        var refused =
            await Task.WhenAll(Enumerable.Range(0, Sleepers).Select(i => gateway.Client.PostAsync("/late/chat", Text("sleeper", i), token)));
        var next = await gateway.Client.PostAsync("/late/chat", Text("sleeper", Sleepers), token);
        var half = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Others), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = token },
            async (i, cancellation) =>
        {
            if (Interlocked.Increment(ref half) == Others / 2)
            {
                wake.SetResult();
            }

            var (status, _) = await gateway.Client.PostAsync(Chat.Path, Text("another", i), cancellation);
            Assert.That(status, Is.EqualTo(200));
        });
        var allRead = await Poll.UntilAsync(() => read.Count == Sleepers, token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Select(static r => r.Status), Is.All.EqualTo(403));
            Assert.That(next.Status, Is.EqualTo(403), "one more than may be abandoned fails at once");
            Assert.That(allRead, Is.True);
            Assert.That(read.Select(static r => r.After), Is.EqualTo(read.Select(static r => r.Before)));
            Assert.That(read.Select(static r => r.Before).Distinct().Count(), Is.EqualTo(Sleepers));
        }
    }

    /// <summary>Bodies of one size, so that a buffer given back too early would be the next one's.</summary>
    private static string Text(string who, int number) => Chat.Request($"{who} {number:D4} {new string((char)('a' + (number % 26)), 900)}");
}
