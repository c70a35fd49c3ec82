namespace LlmGuard.Execution.Background;

/// <summary>
/// The process-wide room for content that guards hold in memory. Beyond it calls are refused with 503, whatever <c>on_error</c> says.
/// </summary>
internal sealed class HeldBytesBudget(long maximum)
{
    private long _held;

    public long Held => Volatile.Read(ref _held);

    /// <summary>Takes room; false, and nothing taken, when there is not enough.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= maximum)
        {
            return true;
        }

        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _held, -bytes);
}
