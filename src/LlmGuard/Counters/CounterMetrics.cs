using System.Diagnostics.Metrics;
using LlmGuard.Telemetry;

namespace LlmGuard.Counters;

/// <summary>What counting counts about itself.</summary>
internal sealed class CounterMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _overflowed;
    private readonly Counter<long> _degraded;

    /// <param name="factory">The application's factory, which then owns the meter; null where there is none.</param>
    public CounterMetrics(IMeterFactory? factory)
    {
        _ownsMeter = factory is null;
        _meter = factory?.Create(TelemetryNames.Source, PackageVersion.Text) ?? new Meter(TelemetryNames.Source, PackageVersion.Text);
        _overflowed = _meter.CreateCounter<long>(
            TelemetryNames.CountersOverflowed,
            "{charge}",
            "Charges to the counter shared by all for whom there was no room.");
        _degraded = _meter.CreateCounter<long>(
            TelemetryNames.CountersDegraded,
            "{call}",
            "Calls counted in this process alone because the shared store was not there.");
    }

    public void Overflowed() => _overflowed.Add(1);

    public void Degraded() => _degraded.Add(1);

    public void Dispose()
    {
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }
}
