using LlmGuard.Audit;
using LlmGuard.Integration.Tests.Harness;
using LlmGuard.Integration.Tests.Leaks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Integration.Tests.Sinks;

/// <summary>Audit sinks that throw, block or are asked for nothing, over sockets.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class AuditSinkTests
{
    private const string Entries =
        """{ "name": "tag", "stage": ["pre_request", "pre_response", "post_response"], "settings": { "tag": "M", "mask": "peach", "block": "plum" } }""";

    private const string Watched = """{ "name": "tag", "mode": "monitor", "settings": { "block": "plum" } }""";

    [TestCase(true)]
    [TestCase(false)]
    public async Task Sink_ThrowsAtEveryRecord_CallsAndTheOtherSinkDoNotNotice(bool whenAsked)
    {
        var token = TestContext.CurrentContext.CancellationToken;
        using var logs = new CapturedLogs();
        var sink = new RecordingAuditSink();
        var broken = new RecordingAuditSink
        {
            IsAsked = _ => whenAsked ? throw new InvalidOperationException(Marker.Text) : true,
            Then = static _ => throw new InvalidOperationException(Marker.Text),
        };
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("a peach")));
        await using (var gateway = await StartAsync(upstream, Entries, [broken, sink], logs))
        {
            var passed = await gateway.Client.PostAsync(Chat.Path, Chat.Request("peach"), token);
            var blocked = await gateway.Client.PostAsync(Chat.Path, Chat.Request("plum"), token);

            Assert.That((passed.Status, passed.Body, blocked.Status), Is.EqualTo((200, Chat.Answer("a [M]"), 403)));
        }

        Assert.Multiple(() =>
        {
            Assert.That(sink.Records.Select(static r => (r.Stage, r.Action)), Is.EquivalentTo(new[]
            {
                (GuardrailStage.PreRequest, GuardrailAction.Modify),
                (GuardrailStage.PreResponse, GuardrailAction.Modify),
                (GuardrailStage.PostResponse, GuardrailAction.Allow),
                (GuardrailStage.PreRequest, GuardrailAction.Block),
                (GuardrailStage.PostResponse, GuardrailAction.Allow),
            }));
            Assert.That(logs.Written.Count(static l => l.Contains("its record of call", StringComparison.Ordinal)), Is.EqualTo(5));
            Assert.That(logs.Written, Has.None.Contains(Marker.Text));
        });
    }

    [Test]
    public async Task Sink_WantsBlocksOnly_IsGivenNothingElse()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var sink = new RecordingAuditSink { IsAsked = static action => action == GuardrailAction.Block };
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("a peach")));
        await using (var gateway = await StartAsync(upstream, Entries, [sink]))
        {
            await gateway.Client.PostAsync(Chat.Path, Chat.Request("peach"), token);
            await gateway.Client.PostAsync(Chat.Path, Chat.Request("plum"), token);
        }

        Assert.That(sink.Records.Select(static r => r.Action), Is.EqualTo(new[] { GuardrailAction.Block }));
    }

    [Test]
    public async Task Sink_BlocksOnOneRecord_HoldsOnlyThatCall()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        using var release = new ManualResetEventSlim();
        var first = 1;
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new RecordingAuditSink
        {
            Then = _ =>
            {
                if (Interlocked.Exchange(ref first, 0) == 1)
                {
                    entered.SetResult();
                    release.Wait(CancellationToken.None);
                }
            },
        };
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using var gateway = await StartAsync(upstream, Entries, [sink]);

        var held = gateway.Client.PostAsync(Chat.Path, Chat.Request("peach"), token);
        await entered.Task;
        var others = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.Client.PostAsync(Chat.Path, Chat.Request("peach"), token)));
        var wasHeld = !held.IsCompleted;
        release.Set();

        Assert.Multiple(() =>
        {
            Assert.That(others.Select(static o => o.Status), Is.All.EqualTo(200));
            Assert.That(wasHeld, Is.True, "a record is handed over on the request path, as documented");
        });
        Assert.That((await held).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Sink_BlocksOnRecordsOfMonitors_HoldsNoCaller()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        using var release = new ManualResetEventSlim();
        var sink = new RecordingAuditSink
        {
            Then = record =>
            {
                if (record.IsMonitor)
                {
                    release.Wait(CancellationToken.None);
                }
            },
        };
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using (var gateway = await StartAsync(upstream, Watched, [sink]))
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.That((await gateway.Client.PostAsync(Chat.Path, Chat.Request("plum"), token)).Status, Is.EqualTo(200));
            }

            release.Set();
            Assert.That(await Poll.UntilAsync(() => sink.Records.Count(static r => r is { IsMonitor: true, Action: GuardrailAction.Block }) == 20,
                token));
        }
    }

    private static Task<GuardedGateway> StartAsync(RecordingUpstream upstream, string entries, RecordingAuditSink[] sinks,
        CapturedLogs? logs = null) =>
        GuardedGateway.StartAsync(upstream, Chat.Gateway(entries), [new TagPlugin()], builder =>
        {
            foreach (var sink in sinks)
            {
                builder.Services.AddSingleton<IGuardrailAuditSink>(sink);
            }

            if (logs is not null)
            {
                builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
            }
        });
}
