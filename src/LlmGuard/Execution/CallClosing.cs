using LlmGuard.Execution.Background;

namespace LlmGuard.Execution;

/// <summary>The end of a call: its last stage off the request path, and after that giving back what the call still holds.</summary>
internal static class CallClosing
{
    /// <summary>Starts the last stage of a call; called once, when the call is disposed and its monitoring work is done.</summary>
    public static void Start(GuardedCallCore call, bool hasBegun)
    {
        var services = call.Services;
        if (!hasBegun || (call.Plan[GuardrailStage.PostResponse].IsEmpty && !services.Contents.IsWanted))
        {
            Finish(call);
            return;
        }

        if (!services.PostResponses.TryReserve(CallBackground.BaseBytes))
        {
            services.Telemetry.PostResponseDropped();
            services.Log.PostResponseDropped(call.Id);
            _ = SettleAsync(call);
            return;
        }

        Enqueue(call);
    }

    // On its own: what captures the call would be made for calls, too, that have no such stage.
    private static void Enqueue(GuardedCallCore call) =>
        call.Services.PostResponses.Enqueue(cancellationToken => RunAsync(call, cancellationToken), CallBackground.BaseBytes);

    /// <summary>
    /// What was reserved is settled even when there is no room for anything else: that needs no content and, with counters in memory, no wait.
    /// </summary>
    private static async Task SettleAsync(GuardedCallCore call)
    {
        try
        {
            await PostResponseRun.SettleAsync(call, call.Ending).ConfigureAwait(false);
        }
        finally
        {
            Finish(call);
        }
    }

    private static async Task RunAsync(GuardedCallCore call, CancellationToken cancellationToken)
    {
        try
        {
            await PostResponseRun.RunAsync(call, call.Ending, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Finish(call);
        }
    }

    private static void Finish(GuardedCallCore call)
    {
        call.States.Close();
        call.ReturnCopies();
        call.Leases.ReleasePolicy();
    }
}
