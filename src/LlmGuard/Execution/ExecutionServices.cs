using LlmGuard.Audit;
using LlmGuard.Caching;
using LlmGuard.Execution.Background;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Masking;
using LlmGuard.Telemetry;

namespace LlmGuard.Execution;

/// <summary>What every call of the application shares. Thread-safe.</summary>
internal sealed class ExecutionServices : IDisposable
{
    /// <summary>Monitoring work done at once. Few: it must not compete with requests, and a judge's waiting costs no thread.</summary>
    private const int MonitorParallelism = 8;

    /// <summary>post_response work done at once. More: settling counters is mostly waiting.</summary>
    private const int PostResponseParallelism = 32;

    public ExecutionServices(
        AiGuardrailsOptions options,
        TimeProvider time,
        HeldBytesBudget budget,
        GuardrailTelemetry telemetry,
        GenAiGuardrailEvents events,
        ExecutionLog log,
        IEnumerable<IGuardrailAuditSink> auditSinks,
        IEnumerable<IGuardrailContentSink> contentSinks,
        IMaskVaultStore vaults)
    {
        Time = time;
        Budget = budget;
        Telemetry = telemetry;
        Events = events;
        Log = log;
        Audit = new AuditTrail(auditSinks, log);
        Contents = new ContentTrail(contentSinks, options.MaxMonitorQueueBytes, telemetry, log);
        Vaults = new VaultAccess(vaults, time, log);
        LogsContent = options.LogContentAtTrace;
        Clean = new CleanSegmentCache(options.MaxCleanSegmentCacheBytes, telemetry);
        Monitors = new BackgroundQueue("monitor", options.MaxMonitorQueueBytes, MonitorParallelism, log);
        PostResponses = new BackgroundQueue("post_response", options.MaxHeldBytes, PostResponseParallelism, log);
    }

    public TimeProvider Time { get; }

    public HeldBytesBudget Budget { get; }

    public GuardrailTelemetry Telemetry { get; }

    public GenAiGuardrailEvents Events { get; }

    public ExecutionLog Log { get; }

    public AuditTrail Audit { get; }

    public ContentTrail Contents { get; }

    public VaultAccess Vaults { get; }

    public bool LogsContent { get; }

    public AbandonedEvaluations Abandoned { get; } = new();

    public CleanSegmentCache Clean { get; }

    public BackgroundQueue Monitors { get; }

    public BackgroundQueue PostResponses { get; }

    /// <summary>Whether somebody wants more of a stage that lets its content pass than metrics tell.</summary>
    public bool AreStagesWatched =>
        LogsContent || GuardrailTelemetry.IsTraced || Events.TellsPassed || Audit.IsWanted(GuardrailAction.Allow);

    public void Dispose()
    {
        Monitors.Dispose();
        PostResponses.Dispose();
        Contents.Dispose();
    }
}
