using System.Diagnostics.Metrics;
using LlmGuard.Telemetry;

namespace LlmGuard.Policy.Revisions;

/// <summary>What the policy counts.</summary>
internal sealed class PolicyMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _reloads;
    private readonly Counter<long> _failures;

    /// <param name="factory">The application's factory, which then owns the meter; null where there is none.</param>
    public PolicyMetrics(IMeterFactory? factory)
    {
        _ownsMeter = factory is null;
        _meter = factory?.Create(TelemetryNames.Source, PackageVersion.Text) ?? new Meter(TelemetryNames.Source, PackageVersion.Text);
        _reloads = _meter.CreateCounter<long>("llmguard.policy.reloads", "{reload}", "Policies that came into force after the first one.");
        _failures = _meter.CreateCounter<long>("llmguard.policy.reload.failures", "{reload}", "Changed policies that were refused.");
    }

    public void Reloaded() => _reloads.Add(1);

    public void ReloadFailed() => _failures.Add(1);

    public void Dispose()
    {
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }
}
