using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmGuard.Telemetry;

namespace LlmGuard.Remote.Transport;

/// <summary>
/// Traces and measures requests to judges: a client span and a duration each. Names, statuses and reason codes only, never content.
/// </summary>
internal sealed class JudgeTelemetry : IDisposable
{
    /// <summary>Name of the source and of the meter; the engine's.</summary>
    public const string Source = "LlmGuard";

    public const string Activity = "llmguard.judge";
    public const string Duration = "llmguard.judge.duration";
    public const string CacheHits = "llmguard.judge.cache_hits";

    private const string PluginTag = "llmguard.plugin";
    private const string StatusTag = "http.response.status_code";
    private const string ErrorTag = "error.type";

    private static readonly ActivitySource Activities = new(Source, PackageVersion.Text);

    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _cacheHits;
    private readonly TimeProvider _time;

    public JudgeTelemetry(IMeterFactory? factory, TimeProvider time)
    {
        _time = time;
        _meter = factory?.Create(Source, PackageVersion.Text) ?? new Meter(Source, PackageVersion.Text);
        _ownsMeter = factory is null;
        _durations = _meter.CreateHistogram<double>(Duration, "s", "Duration of requests to remote judges, each attempt by itself.");
        _cacheHits = _meter.CreateCounter<long>(CacheHits, "{question}", "Questions answered from the cache of clean verdicts.");
    }

    /// <summary>Begins a request.</summary>
    public Call Start(JudgeSettings settings)
    {
        var activity = Activities.HasListeners() ? Activities.StartActivity(Activity, ActivityKind.Client) : null;
        activity?
            .SetTag(PluginTag, settings.Plugin)
            .SetTag("gen_ai.operation.name", "guardrail")
            .SetTag("server.address", settings.Endpoint.Host)
            .SetTag("server.port", settings.Endpoint.Port);
        return new Call(this, settings.Plugin, activity, _time.GetTimestamp());
    }

    public void CacheHit(string plugin) => _cacheHits.Add(1, new KeyValuePair<string, object?>(PluginTag, plugin));

    public void Dispose()
    {
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    /// <summary>A request under way.</summary>
    internal readonly struct Call(JudgeTelemetry telemetry, string plugin, Activity? activity, long started) : IDisposable
    {
        /// <summary>Records what came of it.</summary>
        public void End(in Attempt attempt)
        {
            var outcome = attempt.Failure?.Reason ?? "ok";
            if (telemetry._durations.Enabled)
            {
                telemetry._durations.Record(
                    telemetry._time.GetElapsedTime(started).TotalSeconds,
                    new KeyValuePair<string, object?>(PluginTag, plugin),
                    new KeyValuePair<string, object?>(ErrorTag, outcome));
            }

            if (activity is null)
            {
                return;
            }

            if (attempt.Status != 0)
            {
                activity.SetTag(StatusTag, attempt.Status);
            }

            if (attempt.Failure is not null)
            {
                activity.SetTag(ErrorTag, outcome).SetStatus(ActivityStatusCode.Error);
            }
        }

        public void Dispose() => activity?.Dispose();
    }
}
