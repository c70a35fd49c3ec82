using LlmGuard.Audit;
using LlmGuard.Execution;
using LlmGuard.Policy;
using LlmGuard.Tests.Execution.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Audit;

public sealed class AuditRecordTests
{
    [Test]
    public async Task Record_OfDecision_SaysWhereAndWhyButNotWhat()
    {
        var finding = new GuardrailFinding("rule-1", "email", 0, new TextSpan(3, 4), 0.25);
        var mask = GuardrailVerdict.Modify([new SegmentEdit(0, new TextSpan(3, 4), Replacement.Literal("#"))], finding);
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("mask", mask),
            Entry("block", GuardrailVerdict.Block(new GuardrailRefusal { Reason = "why" }))));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "abcdefghij");

        var record = harness.Audit.Records.Single();
        Assert.Multiple(() =>
        {
            Assert.That((record.Id, record.Revision, record.Stage, record.Action),
                Is.EqualTo((decision.Id, "revision", GuardrailStage.PreRequest, GuardrailAction.Block)));
            Assert.That((record.StatusCode, record.RefusalCode, record.RefusalReason), Is.EqualTo((403, "block", "why")));
            Assert.That(record.Entries.Select(e => (e.Plugin, e.Outcome)),
                Is.EqualTo(new[] { ("mask", VerdictOutcome.Modify), ("block", VerdictOutcome.Block) }));
            Assert.That(record.Entries[0].Findings, Is.EqualTo(new[] { new GuardrailAuditFinding("rule-1", "email", 0, new TextSpan(3, 4)) }));
            Assert.That(record.EditedSpans, Is.EqualTo(new[] { KeyValuePair.Create(0, new TextSpan(3, 4)) }));
        });
    }

    [Test]
    public async Task Services_SinkThatThrows_HurtsNeitherCallNorOtherSinks_AndHostDrains()
    {
        var watched = new ScriptedEvaluator(GuardrailVerdict.Allow);
        var sink = new RecordingAuditSink();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IPolicyProvider>(new FakePolicyProvider(At(
            GuardrailStage.PreRequest,
            Entry("block", GuardrailVerdict.Block()),
            Entry("watch", watched, inline: false, monitor: true))));
        builder.Services.AddSingleton<IGuardrailAuditSink, ThrowingSink>();
        builder.Services.AddSingleton<IGuardrailAuditSink>(sink);
        builder.Services.AddGuardrailExecution();
        builder.Services.AddGuardrailExecution();
        using var host = builder.Build();
        await host.StartAsync();

        var decision = await host.Services.GetRequiredService<IAiGuardrails>()
            .EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));
        await host.StopAsync();

        Assert.Multiple(() =>
        {
            Assert.That(decision.Refusal?.Code, Is.EqualTo("block"));
            Assert.That(watched.Calls, Has.Count.EqualTo(1));
            Assert.That(sink.Records.Select(r => r.IsMonitor), Is.EquivalentTo(new[] { false, true }));
            Assert.That(host.Services.GetServices<IGuardrailAuditSink>().OfType<LoggingAuditSink>(), Has.One.Items);
        });
    }

    [Test]
    public async Task Drain_WorkThatHangs_GivesUpAtTheTimeoutAndSaysSo()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hangs = new ScriptedEvaluator(async (_, token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return GuardrailVerdict.Allow;
        });
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("watch", hangs, inline: false, monitor: true, timeoutMs: 600_000)));
        await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        await started.Task;

        var draining = harness.Services.Monitors.DrainAsync(TimeSpan.FromSeconds(10), harness.Time, CancellationToken.None);
        harness.Time.Advance(TimeSpan.FromSeconds(10));
        await draining;
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(harness.Log.Lines.Any(l => l.Text.Contains("The host stopped before 1 items", StringComparison.Ordinal)), Is.True);
            Assert.That(harness.Audit.Records.Single(r => r.IsMonitor).Entries.Single().WasCancelled, Is.True);
            Assert.That(harness.Policy.Leases, Is.Zero);
        });
    }

    private sealed class ThrowingSink : IGuardrailAuditSink
    {
        public void Write(GuardrailAuditRecord record) => throw new InvalidOperationException("sink");
    }
}
