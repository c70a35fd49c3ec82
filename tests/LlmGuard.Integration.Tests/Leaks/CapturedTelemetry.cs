using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LlmGuard.Integration.Tests.Leaks;

/// <summary>Keeps names, tags and events of every activity and the tags of every measurement of the guardrails.</summary>
internal sealed class CapturedTelemetry : IDisposable
{
    private readonly ConcurrentQueue<string> _written = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    public CapturedTelemetry()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.Contains("LlmGuard", StringComparison.Ordinal),
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _written.Enqueue(
                $"{activity.DisplayName} {activity.StatusDescription} {Values(activity.TagObjects)} {Values(activity.Baggage.Select(static b => KeyValuePair.Create(b.Key, (object?)b.Value)))} "
                + string.Join(' ', activity.Events.Select(static e => $"{e.Name} {Values(e.Tags)}"))),
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name.Contains("LlmGuard", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            _written.Enqueue($"{instrument.Name} {value} {Values(tags.ToArray())}"));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            _written.Enqueue($"{instrument.Name} {value} {Values(tags.ToArray())}"));
        _meters.Start();
    }

    public IEnumerable<string> Written => _written;

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private static string Values(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(static tag => $"{tag.Key}={tag.Value}"));
}
