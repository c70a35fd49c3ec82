namespace LlmGuard.Telemetry;

/// <summary>Names of everything that is measured and traced. Dashboards bind to them: they do not change.</summary>
internal static class TelemetryNames
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Source = "LlmGuard";

    public const string Decisions = "llmguard.decisions";
    public const string EvaluationDuration = "llmguard.evaluation.duration";
    public const string Failures = "llmguard.failures";
    public const string FailedOpen = "llmguard.failed_open";
    public const string CacheHits = "llmguard.cache.hits";
    public const string CacheMisses = "llmguard.cache.misses";
    public const string MonitorDropped = "llmguard.monitor.dropped";
    public const string PostResponseDropped = "llmguard.post_response.dropped";
    public const string ContentDropped = "llmguard.content.dropped";
    public const string HeldBytes = "llmguard.held_bytes";
    public const string CountersOverflowed = "llmguard.counters.overflowed";
    public const string CountersDegraded = "llmguard.counters.degraded";

    public const string StageActivity = "llmguard.stage";

    /// <summary>One evaluation of a guardrail that sends content out; local ones would cost more to trace than to run.</summary>
    public const string EvaluationActivity = "llmguard.evaluation";

    public const string StageTag = "llmguard.stage";
    public const string ActionTag = "llmguard.action";
    public const string OutcomeTag = "llmguard.outcome";
    public const string EntryTag = "llmguard.entry.id";
    public const string PluginTag = "llmguard.plugin";
    public const string FailureClassTag = "llmguard.failure.class";
    public const string FailureReasonTag = "llmguard.failure.reason";
    public const string CallIdTag = "llmguard.call.id";

    /// <summary>The plugin of a decision that no plugin brought about.</summary>
    public const string NoPlugin = "none";
}
