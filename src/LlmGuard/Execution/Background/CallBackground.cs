using System.Collections.Immutable;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Execution.Background;

/// <summary>A call's monitoring stages, off the request path and one after the other. After them and the call itself comes post_response.</summary>
internal sealed class CallBackground(GuardedCallCore call)
{
    /// <summary>What a queued item counts besides its content.</summary>
    public const int BaseBytes = 512;

    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Queues the monitoring entries of a stage; counted as dropped when the queue has no room.</summary>
    public void Monitor(ImmutableArray<PlanEntry> entries, GuardrailStage stage, GuardrailContent content)
    {
        var queue = call.Services.Monitors;
        var judged = entries.Any(EntryContent.ReadsSegments) ? content : GuardrailContent.Empty;
        var bytes = BaseBytes + ContentSize.Of(judged);
        if (!queue.TryReserve(bytes))
        {
            call.Services.Telemetry.MonitorDropped();
            call.Services.Log.MonitorDropped(call.Id);
            return;
        }

        call.BeginPart();
        var copy = judged.Detach();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Queued under the lock: an item waits only for items of this call that left the queue before it.
        lock (_gate)
        {
            var previous = _last;
            _last = done.Task;
            queue.Enqueue(cancellationToken => RunAsync(previous, done, entries, stage, copy, cancellationToken), bytes);
        }
    }

    private async Task RunAsync(
        Task previous,
        TaskCompletionSource done,
        ImmutableArray<PlanEntry> entries,
        GuardrailStage stage,
        GuardrailContent content,
        CancellationToken cancellationToken)
    {
        try
        {
            // Stages of one call never run at the same time for one entry.
            await previous.ConfigureAwait(false);
            await MonitorRun.RunAsync(call, entries, stage, content, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            done.SetResult();
            call.EndPart();
        }
    }
}
