using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Telemetry;

/// <summary>The metrics and activities of the engine. Tags come from the policy, from plugin metadata and from fixed sets only.</summary>
internal sealed class GuardrailTelemetry : IDisposable
{
    private static readonly ActivitySource Activities = new(TelemetryNames.Source, PackageVersion.Text);

    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _failedOpen;
    private readonly Counter<long> _cacheHits;
    private readonly Counter<long> _cacheMisses;
    private readonly Counter<long> _monitorDropped;
    private readonly Counter<long> _postResponseDropped;
    private readonly Counter<long> _contentDropped;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Makes the meter and owns it; null in an application without metrics services.</param>
    /// <param name="budget">Whose fill is shown.</param>
    public GuardrailTelemetry(IMeterFactory? factory, HeldBytesBudget budget)
    {
        _meter = factory?.Create(TelemetryNames.Source, PackageVersion.Text) ?? new Meter(TelemetryNames.Source, PackageVersion.Text);
        _ownsMeter = factory is null;
        _decisions = _meter.CreateCounter<long>(
            TelemetryNames.Decisions,
            "{decision}",
            "Decisions by stage, action and the plugin that brought them about.");
        _durations = _meter.CreateHistogram(
            TelemetryNames.EvaluationDuration,
            "s",
            "Duration of evaluations.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            });
        _failures = _meter.CreateCounter<long>(TelemetryNames.Failures, "{failure}", "Evaluations without a verdict, by class and reason.");
        _failedOpen = _meter.CreateCounter<long>(
            TelemetryNames.FailedOpen,
            "{evaluation}",
            "Availability failures that were let through because the policy says so.");
        _cacheHits = _meter.CreateCounter<long>(
            TelemetryNames.CacheHits,
            "{segment}",
            "Segments that were not judged, because the entry has found them clean before.");
        _cacheMisses = _meter.CreateCounter<long>(
            TelemetryNames.CacheMisses,
            "{segment}",
            "Segments that an entry which remembers clean ones has judged.");
        _monitorDropped = _meter.CreateCounter<long>(TelemetryNames.MonitorDropped, "{item}", "Monitoring work dropped for want of room.");
        _postResponseDropped = _meter.CreateCounter<long>(
            TelemetryNames.PostResponseDropped,
            "{item}",
            "post_response work dropped for want of room.");
        _contentDropped = _meter.CreateCounter<long>(
            TelemetryNames.ContentDropped,
            "{record}",
            "Records of content dropped because a sink is behind.");
        _meter.CreateObservableUpDownCounter(TelemetryNames.HeldBytes, () => budget.Held, "By", "Bytes of content held in memory.");
    }

    /// <summary>Whether anybody listens to activities.</summary>
    public static bool IsTraced => Activities.HasListeners();

    /// <summary>Starts the activity of a stage; null when nobody listens.</summary>
    public static Activity? StartStage(GuardrailStage stage, GuardedCall call)
    {
        var activity = Activities.HasListeners() ? Activities.StartActivity(TelemetryNames.StageActivity) : null;
        return activity?.SetTag(TelemetryNames.StageTag, Words.Of(stage)).SetTag(TelemetryNames.CallIdTag, call.Id);
    }

    /// <summary>
    /// Starts the activity of a stage that goes on while its caller does other things: it hangs from the caller's, and is not made the current one.
    /// </summary>
    public static Activity? StartDetached(GuardrailStage stage, GuardedCall call)
    {
        var current = Activity.Current;
        var activity = StartStage(stage, call);
        if (activity is not null)
        {
            Activity.Current = current;
        }

        return activity;
    }

    /// <summary>Makes the activity of such a stage the current one until the asynchronous method that calls this returns.</summary>
    public static void Enter(Activity? detached)
    {
        if (detached is not null)
        {
            Activity.Current = detached;
        }
    }

    /// <summary>Ends it, whatever the current one is then. Repeating it does nothing.</summary>
    public static void StopDetached(Activity? detached)
    {
        if (detached is not null)
        {
            // Stopping makes that one current which was when it started.
            var current = Activity.Current;
            detached.Stop();
            Activity.Current = current;
        }
    }

    public static void Finish(Activity? activity, GuardrailAction action, string? plugin) => activity?
        .SetTag(TelemetryNames.ActionTag, Words.Of(action))
        .SetTag(TelemetryNames.PluginTag, plugin ?? TelemetryNames.NoPlugin);

    /// <summary>Starts the activity of one evaluation that leaves the process; null for local ones and when nobody listens.</summary>
    public static Activity? StartEvaluation(PlanEntry entry, GuardrailStage stage)
    {
        var activity = entry.Plugin.SendsContentOut && Activities.HasListeners()
            ? Activities.StartActivity(TelemetryNames.EvaluationActivity, ActivityKind.Client)
            : null;
        return activity?
            .SetTag(TelemetryNames.PluginTag, entry.Plugin.Name)
            .SetTag(TelemetryNames.EntryTag, entry.Key.Id)
            .SetTag(TelemetryNames.StageTag, Words.Of(stage));
    }

    /// <summary>Ends the activity of an evaluation, which may be given up by then.</summary>
    public static void Finish(Activity? activity, Conclusion conclusion)
    {
        if (activity is null)
        {
            return;
        }

        if (conclusion.Failure is { } failure)
        {
            activity.SetStatus(ActivityStatusCode.Error)
                .SetTag(TelemetryNames.FailureClassTag, Words.Of(failure.Class))
                .SetTag(TelemetryNames.FailureReasonTag, ReasonCodes.ForMetric(failure.Reason));
        }
        else
        {
            activity.SetTag(TelemetryNames.OutcomeTag, conclusion.WasCancelled ? "cancelled" : Words.Of(conclusion.Outcome));
        }

        activity.Stop();
    }

    public void Decided(GuardrailStage stage, GuardrailAction action, string? plugin)
    {
        if (_decisions.Enabled)
        {
            _decisions.Add(
                1,
                new KeyValuePair<string, object?>(TelemetryNames.StageTag, Words.Of(stage)),
                new KeyValuePair<string, object?>(TelemetryNames.ActionTag, Words.Of(action)),
                new KeyValuePair<string, object?>(TelemetryNames.PluginTag, plugin ?? TelemetryNames.NoPlugin));
        }
    }

    /// <summary>Tells how long an evaluation took.</summary>
    public void Evaluated(PlanEntry entry, TimeSpan elapsed, GuardrailStage stage)
    {
        if (_durations.Enabled)
        {
            _durations.Record(
                elapsed.TotalSeconds,
                new KeyValuePair<string, object?>(TelemetryNames.PluginTag, entry.Plugin.Name),
                new KeyValuePair<string, object?>(TelemetryNames.StageTag, Words.Of(stage)));
        }
    }

    public void Evaluated(Conclusion conclusion, GuardrailStage stage, bool failedOpen)
    {
        Evaluated(conclusion.Entry, conclusion.Elapsed, stage);
        var plugin = new KeyValuePair<string, object?>(TelemetryNames.PluginTag, conclusion.Entry.Plugin.Name);
        if (conclusion.Failure is { } failure)
        {
            _failures.Add(
                1,
                new KeyValuePair<string, object?>(TelemetryNames.FailureClassTag, Words.Of(failure.Class)),
                new KeyValuePair<string, object?>(TelemetryNames.FailureReasonTag, ReasonCodes.ForMetric(failure.Reason)),
                plugin);
        }

        if (failedOpen)
        {
            _failedOpen.Add(1, plugin);
        }
    }

    /// <summary>A failure that no plugin had: content that could not be read.</summary>
    public void Failed(GuardrailFailure failure) => _failures.Add(
        1,
        new KeyValuePair<string, object?>(TelemetryNames.FailureClassTag, Words.Of(failure.Class)),
        new KeyValuePair<string, object?>(TelemetryNames.FailureReasonTag, ReasonCodes.ForMetric(failure.Reason)),
        new KeyValuePair<string, object?>(TelemetryNames.PluginTag, TelemetryNames.NoPlugin));

    /// <summary>Which of an entry's segments were known to be clean.</summary>
    public void Cached(string plugin, int known, int unknown)
    {
        var tag = new KeyValuePair<string, object?>(TelemetryNames.PluginTag, plugin);
        if (known > 0 && _cacheHits.Enabled)
        {
            _cacheHits.Add(known, tag);
        }

        if (unknown > 0 && _cacheMisses.Enabled)
        {
            _cacheMisses.Add(unknown, tag);
        }
    }

    public void MonitorDropped() => _monitorDropped.Add(1);

    public void PostResponseDropped() => _postResponseDropped.Add(1);

    public void ContentDropped() => _contentDropped.Add(1);

    public void Dispose()
    {
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }
}
