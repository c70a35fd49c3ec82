using System.Collections.Immutable;
using LlmGuard.Audit;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Execution.Background;

/// <summary>The last stage of a call, in the background and on copies: its entries, its monitoring entries, then the sinks of content.</summary>
internal static class PostResponseRun
{
    private const GuardrailStage Stage = GuardrailStage.PostResponse;

    public static async Task RunAsync(GuardedCallCore call, CallEnding ending, CancellationToken cancellationToken)
    {
        using var suppression = GuardrailSuppression.Enter();
        var plan = call.Plan[Stage];
        var response = await EvaluateAsync(call, plan, call.Copies.Response ?? GuardrailContent.Empty, cancellationToken).ConfigureAwait(false);
        if (!plan.IsEmpty)
        {
            OutcomeReport.Write(call, response, null, ending);
        }

        if (!plan.Monitor.IsEmpty)
        {
            await MonitorRun.RunAsync(call, plan.Monitor, Stage, response.Edits.Current, cancellationToken).ConfigureAwait(false);
        }

        if (call.Services.Contents.IsWanted)
        {
            await WriteContentAsync(call, plan, response, ending, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs only the entries that settle what they reserved, and shows them no content.</summary>
    public static async Task SettleAsync(GuardedCallCore call, CallEnding ending)
    {
        using var suppression = GuardrailSuppression.Enter();
        var plan = call.Plan[Stage];
        var settling = new StagePlan(Settling(plan.Sequential), Settling(plan.Parallel), []);
        var monitors = Settling(plan.Monitor);
        if (!settling.IsEmpty)
        {
            OutcomeReport.Write(call, await EvaluateAsync(call, settling, GuardrailContent.Empty, CancellationToken.None).ConfigureAwait(false),
                null, ending);
        }

        if (!monitors.IsEmpty)
        {
            await MonitorRun.RunAsync(call, monitors, Stage, GuardrailContent.Empty, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async ValueTask<StageOutcome> EvaluateAsync(GuardedCallCore call,
        StagePlan plan, GuardrailContent content, CancellationToken cancellationToken)
    {
        var started = call.Services.Time.GetTimestamp();
        var run = new StageRun(call, plan, Stage, content, cancellationToken);
        await run.RunAsync().ConfigureAwait(false);
        return new StageOutcome(Stage, run.Conclusions, run.Edits, default, call.Services.Time.GetElapsedTime(started));
    }

    private static async Task WriteContentAsync(
        GuardedCallCore call,
        StagePlan plan,
        StageOutcome response,
        CallEnding ending,
        CancellationToken cancellationToken)
    {
        if (call.Copies.IsIncomplete)
        {
            call.Services.Log.ContentWithheld(call.Id, FailureReasons.LimitExceeded);
            return;
        }

        // The entries judged the answer; the copy of the request needs the same masks.
        var masks = new StagePlan(Masks(plan.Sequential), Masks(plan.Parallel), []);
        var request = await EvaluateAsync(call, masks, call.Copies.Request ?? GuardrailContent.Empty, cancellationToken).ConfigureAwait(false);
        if (response.Conclusions.Concat(request.Conclusions).Any(StageRun.IsFailedMask))
        {
            call.Services.Log.ContentWithheld(call.Id, FailureReasons.MaskNotApplicable);
            return;
        }

        call.Services.Contents.Write(new GuardrailContentRecord
        {
            Id = call.Id,
            Revision = call.Revision,
            Scope = call.Scope,
            Ending = ending,
            Request = request.Edits.Current,
            Response = response.Edits.Current,
        });
    }

    private static ImmutableArray<PlanEntry> Settling(ImmutableArray<PlanEntry> entries) =>
        entries.RemoveAll(e => (e.Needs & GuardrailNeeds.Usage) == 0);

    private static ImmutableArray<PlanEntry> Masks(ImmutableArray<PlanEntry> entries) => entries.RemoveAll(e => !e.Plugin.Rewrites);
}
