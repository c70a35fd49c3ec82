using LlmGuard.Plugins.NomaRuntimeProtection.Diagnostics;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NomaRuntimeProtection;

/// <summary>Asks Noma and says in the log what keeps it from working. Thread-safe.</summary>
internal sealed class NomaEvaluator(RemoteEvaluator remote, Symptoms symptoms, TimeProvider time) : IGuardrailEvaluator, IDisposable
{
    public async ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (call.IsMonitor)
        {
            symptoms.MonitorMode();
        }

        var verdict = await remote.EvaluateAsync(call, cancellationToken).ConfigureAwait(false);
        if (verdict.Failure is { } failure)
        {
            symptoms.Failed(failure, call.Timeout, time.GetElapsedTime(started));
        }
        else if (call.IsMonitor)
        {
            symptoms.WouldHave(verdict);
        }

        return verdict;
    }

    public void Dispose() => remote.Dispose();
}
