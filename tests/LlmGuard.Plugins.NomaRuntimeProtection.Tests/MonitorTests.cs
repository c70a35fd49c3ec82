using System.Collections.Concurrent;
using LlmGuard.Audit;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.Noma;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

/// <summary>Monitor mode is off the request path and loses nothing when the application stops.</summary>
public sealed class MonitorTests
{
    [Test]
    public async Task Monitor_NomaThatNeverAnswers_AddsNoWaiting()
    {
        await using var fake = new FakeNoma();
        await fake.StartAsync();
        fake.Faults.Always = Fault.Hang;
        using var host = Start(fake, out _);
        await host.StartAsync();

        var decision = await Judge(host, "please " + FakeNoma.Unsafe);

        Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Allow), "decided while Noma still hangs");
        await fake.FirstRequest;
        fake.Faults.Always = null;
        fake.Faults.Release();
    }

    [Test]
    public async Task Monitor_GracefulStop_LosesNothing()
    {
        const int calls = 100;
        await using var fake = new FakeNoma();
        await fake.StartAsync();
        fake.Latency = TimeSpan.FromMilliseconds(20);
        using var host = Start(fake, out var audit);
        await host.StartAsync();
        for (var i = 0; i < calls; i++)
        {
            Assert.That((await Judge(host, $"{FakeNoma.Unsafe} {i}")).Action, Is.EqualTo(GuardrailAction.Allow));
        }

        await host.StopAsync();

        Assert.That(fake.RequestCount, Is.EqualTo(calls));
        Assert.That(audit.Monitored, Has.Count.EqualTo(calls));
        Assert.That(audit.Monitored.Select(r => r.Entries.Single().Outcome), Has.All.EqualTo(VerdictOutcome.Block));
        Assert.That(fake.Violations, Is.Empty);
    }

    [TestCase(""" "mode": "monitor" """, "")]
    [TestCase(""" "enabled": true """, """, "monitor_mode": true """)]
    public async Task Monitor_EitherSpelling_MeansTheSame(string entry, string settings)
    {
        await using var fake = new FakeNoma();
        await fake.StartAsync();
        using var host = Start(fake, out var audit, entry, settings);
        await host.StartAsync();

        var decision = await Judge(host, FakeNoma.Unsafe);
        await host.StopAsync();

        Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Allow));
        Assert.That(audit.Monitored, Has.Count.EqualTo(1));
    }

    [TestCase("true", GuardrailAction.Block)]
    [TestCase("false", GuardrailAction.Flag)]
    public async Task BlockFailures_NomaDown_DecidesWhatHappens(string blockFailures, GuardrailAction expected)
    {
        await using var fake = new FakeNoma();
        await fake.StartAsync();
        fake.Faults.Always = Fault.Instead(503, "{}");
        using var host = Start(fake, out _, """ "enabled": true """, $""", "block_failures": {blockFailures} """);
        await host.StartAsync();

        var decision = await Judge(host, "text");

        Assert.That(decision.Action, Is.EqualTo(expected));
        Assert.That(decision.Results[0].FailedOpen, Is.EqualTo(expected == GuardrailAction.Flag));
    }

    private static ValueTask<GuardrailDecision> Judge(IHost host, string text) =>
        host.Services.GetRequiredService<IAiGuardrails>()
            .EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText(text, SegmentRole.User), null, default);

    private static IHost Start(FakeNoma fake, out AuditRecords audit, string entry = """ "mode": "monitor" """, string settings = "")
    {
        var records = audit = new AuditRecords();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IGuardrailAuditSink>(records);
        builder.Services.AddAiGuardrails(options => options.PolicyJson = $$"""
            { "gateway": { "name": "G", "required_plugins": [ { "name": "noma_runtime_protection", {{entry}}, "timeout_ms": 20000,
              "settings": { "api_key": "{{FakeNoma.Key}}", "endpoint": "{{fake.Address}}", "allow_private_endpoints": true, "retries": 0 {{settings}} } } ] } }
            """).AddNomaRuntimeProtection();
        return builder.Build();
    }

    private sealed class AuditRecords : IGuardrailAuditSink
    {
        private readonly ConcurrentQueue<GuardrailAuditRecord> _monitored = new();

        public IReadOnlyCollection<GuardrailAuditRecord> Monitored => _monitored;

        public void Write(GuardrailAuditRecord record)
        {
            if (record.IsMonitor)
            {
                _monitored.Enqueue(record);
            }
        }
    }
}
