namespace LlmGuard.Tests.Allocation;

/// <summary>
/// What work allocates on its thread once it is warm. One measurement says too little: a collection may take what pools keep, and code that the
/// runtime has not optimised yet, which takes its time where the processor is busy, puts on the heap what stays on the stack later. What the work
/// itself needs it needs every time, so the least of many rounds counts.
/// </summary>
internal static class LeastAllocated
{
    private const int MostRounds = 1000;

    /// <summary>The fewest bytes that a round has allocated. The first that takes no more than is <paramref name="enough"/> is the last.</summary>
    public static long By(Action round, long enough = 0)
    {
        var least = long.MaxValue;
        for (var i = 0; i < MostRounds && least > enough; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    /// <summary>As the other one, for rounds that have completed when they return: what is done on another thread would not be counted.</summary>
    public static long By(Func<ValueTask> round, long enough = 0) => By(() =>
    {
        var running = round();
        if (!running.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The round went on elsewhere, or failed, so that nobody counts.");
        }

        running.GetAwaiter().GetResult();
    }, enough);
}
