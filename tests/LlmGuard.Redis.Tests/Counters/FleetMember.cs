using System.Globalization;
using LlmGuard.Counters;
using LlmGuard.Redis.Counters;
using LlmGuard.Redis.Tests.Harness;

namespace LlmGuard.Redis.Tests.Counters;

/// <summary>A process that charges as often as it is told, all at once when a line comes in, and prints how many charges passed.</summary>
internal static class FleetMember
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (endpoint, entry, algorithm) = (arguments[0], arguments[1], Enum.Parse<CounterAlgorithm>(arguments[2]));
        var numbers = Array.ConvertAll(arguments[3..], n => int.Parse(n, CultureInfo.InvariantCulture));
        var (limit, calls, leaseRequests) = (Limits.Of(entry, algorithm, numbers[0], TimeSpan.FromDays(1)), numbers[1], numbers[2]);
        using var client = Stores.Client(endpoint);
        ICounterStore store = leaseRequests == 1
            ? client.Store()
            : new LeasingCounterStore(
                client.Store(), new RedisOptions { LeaseRequests = leaseRequests, LeaseLifetime = TimeSpan.FromMinutes(1) }, TimeProvider.System);
        await client.PingAsync(CancellationToken.None);
        Console.WriteLine("ready");
        Console.ReadLine();
        var passed = await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => Task.Run(() => store.ChargeAsync(limit))));
        Console.WriteLine(passed.Count(p => p).ToString(CultureInfo.InvariantCulture));
        return 0;
    }
}
