using System.Collections.Immutable;
using LlmGuard.Execution.Edits;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Execution.Background;

/// <summary>Runs the monitoring entries of a stage, each on what its enforcing entries left, on a copy.</summary>
internal static class MonitorRun
{
    public static async Task RunAsync(
        GuardedCallCore call,
        ImmutableArray<PlanEntry> entries,
        GuardrailStage stage,
        GuardrailContent content,
        CancellationToken cancellationToken)
    {
        using var suppression = GuardrailSuppression.Enter();
        var started = call.Services.Time.GetTimestamp();
        using var hashes = entries.Any(static e => e.CacheKeys is not null) ? call.Services.Clean.NewHashes(call.Caller) : null;
        var conclusions = new Conclusion[entries.Length];
        for (var i = 0; i < conclusions.Length; i++)
        {
            conclusions[i] = await EvaluationRunner.RunAsync(call, entries[i], new StageContent(stage, content, [], true, hashes), cancellationToken)
                .ConfigureAwait(false);
        }

        var elapsed = call.Services.Time.GetElapsedTime(started);
        OutcomeReport.WriteMonitored(call, new StageOutcome(stage, conclusions, new EditComposition(content), default, elapsed));
    }
}
