namespace LlmGuard.Scanning;

/// <summary>Keeps what evaluations have worked with for later ones: as many as can run at once. Safe for concurrent use.</summary>
/// <remarks>
/// A scan runs on one thread to its end, so that hardly more are at work than there are processors; the rest of the room is for threads that the
/// system has stopped in the middle of one. Each processor looks in a place of its own first.
/// </remarks>
internal sealed class Spares<T>
    where T : class
{
    private readonly T?[] _spares = new T?[Capacity];

    /// <summary>Most that are kept.</summary>
    public static int Capacity { get; } = Math.Clamp(2 * Environment.ProcessorCount, 2, 64);

    /// <summary>How many are kept.</summary>
    public int Count => _spares.Count(static s => s is not null);

    /// <summary>Takes one; null when there is none.</summary>
    public T? TryTake()
    {
        var spares = _spares;
        var at = First(spares.Length);
        for (var i = 0; i < spares.Length; i++)
        {
            if (spares[at] is not null && Interlocked.Exchange(ref spares[at], null) is { } spare)
            {
                return spare;
            }

            at = at + 1 == spares.Length ? 0 : at + 1;
        }

        return null;
    }

    /// <summary>Gives one back; it is let go when there are enough.</summary>
    public void Give(T spare)
    {
        var spares = _spares;
        var at = First(spares.Length);
        for (var i = 0; i < spares.Length; i++)
        {
            if (spares[at] is null && Interlocked.CompareExchange(ref spares[at], spare, null) is null)
            {
                return;
            }

            at = at + 1 == spares.Length ? 0 : at + 1;
        }
    }

    private static int First(int length) => (int)((uint)Thread.GetCurrentProcessorId() % (uint)length);
}
