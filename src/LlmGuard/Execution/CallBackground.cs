using System.Collections.Immutable;
using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>A call's work off the request path: its monitoring stages one after the other, and after them and the call itself post_response.</summary>
internal sealed class CallBackground(GuardedCallCore call, Lock gate)
{
    /// <summary>What a queued item counts besides its content.</summary>
    public const int BaseBytes = 512;

    private Task _last = Task.CompletedTask;
    private int _parts = 1;

    /// <summary>Queues the monitoring entries of a stage; counted as dropped when the queue has no room.</summary>
    public void Monitor(ImmutableArray<PlanEntry> entries, GuardrailStage stage, GuardrailContent content)
    {
        if (!entries.IsEmpty)
        {
            Enqueue(entries, stage, content);
        }
    }

    /// <summary>Ends the call itself or one piece of monitoring work; with the last of them post_response starts.</summary>
    public void EndPart()
    {
        if (Interlocked.Decrement(ref _parts) == 0)
        {
            call.StartPostResponse();
        }
    }

    private void Enqueue(ImmutableArray<PlanEntry> entries, GuardrailStage stage, GuardrailContent content)
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

        Interlocked.Increment(ref _parts);
        var copy = judged.Detach();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Queued under the lock: an item waits only for items of this call that left the queue before it.
        lock (gate)
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
            EndPart();
        }
    }
}
