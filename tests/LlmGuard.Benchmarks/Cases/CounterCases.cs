using System.Threading.RateLimiting;
using LlmGuard.Benchmarks.Ratios;
using LlmGuard.Counters;
using LlmGuard.Counters.Memory;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>One request of one of a thousand callers against its limit: ours against the limiter of the framework.</summary>
internal static class CounterCases
{
    private static readonly string[] Callers = [.. Enumerable.Range(0, 1000).Select(static i => $"caller-{i}")];

    public static IEnumerable<Comparison> All() =>
    [
        Case("sliding_window", CounterAlgorithm.SlidingWindow),
        Case("gcra", CounterAlgorithm.Gcra),
        Case("fixed_window", CounterAlgorithm.FixedWindow),
    ];

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly",
        Justification = "In memory it has completed; a task would allocate.")]
    private static Comparison Case(string name, CounterAlgorithm algorithm) => new($"counters: {name}, 1000 callers", () =>
    {
        var store = new InMemoryCounterStore(10_000, TimeProvider.System, new CounterMetrics(null));
        var limit = new CounterLimit(new GuardrailEntry("gateway", "g", "e", "p"), "per_user", algorithm, 1L << 50, TimeSpan.FromHours(1));
        var charges = new CounterCharge[1];
        var states = new CounterState[1];
        var next = 0;
        var product = Side.Of("ICounterStore in memory", () =>
        {
            charges[0] = new CounterCharge(limit, Callers[next++ % Callers.Length]);
            if (!store.ChargeAsync(charges, states).GetAwaiter().GetResult())
            {
                throw new InvalidOperationException("refused");
            }
        });

        var limiter = PartitionedRateLimiter.Create<string, string>(static caller => RateLimitPartition.GetTokenBucketLimiter(
            caller,
            static _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = int.MaxValue,
                TokensPerPeriod = int.MaxValue,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                AutoReplenishment = false,
                QueueLimit = 0,
            }));
        var baseline = Side.Of("PartitionedRateLimiter (token bucket)", () =>
        {
            using var lease = limiter.AttemptAcquire(Callers[next++ % Callers.Length]);
            if (!lease.IsAcquired)
            {
                throw new InvalidOperationException("refused");
            }
        });
        return (product, baseline);
    });
}
