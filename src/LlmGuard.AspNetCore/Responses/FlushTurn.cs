using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Waits for a flush of what was read of an answer. Awaited once.</summary>
/// <param name="flushing">The flush.</param>
/// <param name="written">What is read from, see <see cref="HandoverStream.AfterFlush"/>.</param>
internal readonly struct FlushTurn(ValueTask<FlushResult> flushing, HandoverStream written) : ICriticalNotifyCompletion
{
    public bool IsCompleted => flushing.IsCompleted;

    public FlushTurn GetAwaiter() => this;

    public void GetResult() => flushing.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) =>
        flushing.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(written.AfterFlush(continuation));
}
