using LlmGuard.Counters;

namespace LlmGuard.Redis.Tests.Harness;

internal static class Limits
{
    private static int _entries;

    /// <summary>A limit that no other test has.</summary>
    public static CounterLimit Of(CounterAlgorithm algorithm, long limit, TimeSpan? window = null) =>
        Of($"entry{Interlocked.Increment(ref _entries)}", algorithm, limit, window);

    public static CounterLimit Of(string entry, CounterAlgorithm algorithm, long limit, TimeSpan? window = null) =>
        new(new GuardrailEntry("gateway", "Gateway", entry, "rate_limiter"), "global", algorithm, limit, window ?? TimeSpan.FromMinutes(1));

    public static async Task<bool> ChargeAsync(this ICounterStore store, CounterLimit limit, long cost = 1, string subject = "a") =>
        await store.ChargeAsync(new[] { new CounterCharge(limit, subject, cost) }, new CounterState[1]);

    public static async Task<CounterState> StateAsync(this ICounterStore store, CounterLimit limit, long cost = 1, string subject = "a")
    {
        var states = new CounterState[1];
        await store.ChargeAsync(new[] { new CounterCharge(limit, subject, cost) }, states);
        return states[0];
    }
}
