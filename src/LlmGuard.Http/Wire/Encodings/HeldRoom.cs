using LlmGuard.Execution.Background;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>What one body has taken from the process-wide budget. Gives everything back when disposed, once.</summary>
internal sealed class HeldRoom(HeldBytesBudget budget) : IDisposable
{
    private long _taken;

    public bool TryTake(long bytes)
    {
        if (!budget.TryTake(bytes))
        {
            return false;
        }

        Interlocked.Add(ref _taken, bytes);
        return true;
    }

    public void Release(long bytes)
    {
        Interlocked.Add(ref _taken, -bytes);
        budget.Return(bytes);
    }

    public void Dispose() => budget.Return(Interlocked.Exchange(ref _taken, 0));
}
