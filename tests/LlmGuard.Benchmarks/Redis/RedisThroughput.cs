using System.Diagnostics;
using System.Globalization;
using LlmGuard.Counters;
using LlmGuard.Redis;
using LlmGuard.Redis.Client;
using LlmGuard.Redis.Counters;
using LlmGuard.Tests.Redis;
using Microsoft.Extensions.Options;

namespace LlmGuard.Benchmarks.Redis;

/// <summary>Charges per second over one connection, against <c>redis-benchmark</c> with the same script and as many commands under way.</summary>
internal static class RedisThroughput
{
    private const int Rounds = 5;
    private const int Charges = 100_000;

    public static async Task RunAsync()
    {
        await using var server = await RedisServer.StartAsync();
        using var client = new RedisClient(
            Options.Create(new RedisOptions { Endpoint = server.Endpoint, CommandTimeout = TimeSpan.FromSeconds(30) }), TimeProvider.System);
        var store = new RedisCounterStore(client, "{bench}");
        var limit =
            new CounterLimit(new GuardrailEntry("gateway", "g", "e", "p"), "global", CounterAlgorithm.Gcra, 1L << 40, TimeSpan.FromMinutes(1));
        await ChargeAsync(store, limit, 1_000, 64);
        foreach (var callers in (int[])[1, 16, 64])
        {
            var (ours, theirs) = (0.0, 0.0);
            var charges = callers == 1 ? Charges / 10 : Charges;
            for (var round = 0; round < Rounds; round++)
            {
                var started = TimeProvider.System.GetTimestamp();
                await ChargeAsync(store, limit, charges, callers);
                ours = Math.Max(ours, charges / TimeProvider.System.GetElapsedTime(started).TotalSeconds);
                theirs = Math.Max(theirs, await BenchmarkAsync(server.Port, limit, charges, callers));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                    $"{callers} callers: {ours:N0} charges/s, redis-benchmark -P {callers} {theirs:N0}/s, ratio {ours / theirs:F2}"));
        }
    }

    private static Task ChargeAsync(RedisCounterStore store, CounterLimit limit, int charges, int callers) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
    {
        var charge = new[] { new CounterCharge(limit, "a") };
        var states = new CounterState[1];
        for (var i = 0; i < charges / callers; i++)
        {
            await store.ChargeAsync(charge, states);
        }
    }));

    private static async Task<double> BenchmarkAsync(int port, CounterLimit limit, int charges, int pipeline)
    {
        var start = new ProcessStartInfo("redis-benchmark") { RedirectStandardOutput = true };
        string[] command =
        [
            "-p", $"{port}", "-c", "1", "-P", $"{pipeline}", "-n", $"{charges}", "--csv", "EVALSHA", CounterScripts.Charge.Hash, "1",
            "{bench}" + limit.Id + "/b", "", "g", $"{limit.Limit}", "60000000", $"{limit.Burst}", "1", "0", "0",
        ];
        foreach (var argument in command)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return double.Parse(output.Trim().Split('\n')[^1].Split("\",\"")[1].Trim('"'), CultureInfo.InvariantCulture);
    }
}
