using LlmGuard.Execution.Background;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>What a stream takes of the room of the process, in steps so that not every event changes it.</summary>
internal sealed class LiveRoom(HeldBytesBudget budget) : IDisposable
{
    private const long Step = 64 * 1024;

    private long _taken;

    /// <summary>Takes room for what is held now, or gives some back; false when there is not enough.</summary>
    public bool TryHold(long bytes)
    {
        var wanted = (bytes + Step - 1) / Step * Step;
        if (wanted > _taken && !budget.TryTake(wanted - _taken))
        {
            return false;
        }

        if (wanted > _taken || wanted < _taken / 2)
        {
            budget.Return(Math.Max(0, _taken - wanted));
            _taken = wanted;
        }

        return true;
    }

    public void Dispose()
    {
        budget.Return(_taken);
        _taken = 0;
    }
}
