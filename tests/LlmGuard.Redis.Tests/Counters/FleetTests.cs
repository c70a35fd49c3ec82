using System.Diagnostics;
using System.Globalization;
using LlmGuard.Counters;
using LlmGuard.Redis.Tests.Harness;

namespace LlmGuard.Redis.Tests.Counters;

/// <summary>A limit of N is N for several processes that charge at the same time.</summary>
[TestFixture]
public sealed class FleetTests : RedisFixture
{
    private const int Processes = 4;

    [Test]
    public async Task FourProcesses_TwiceTheLimit_PassExactlyTheLimit([Values] CounterAlgorithm algorithm)
    {
        var passed = await RunAsync(algorithm, limit: 500, calls: 250, leaseRequests: 1);
        Assert.That(passed.Sum(), Is.EqualTo(500), string.Join(", ", passed));
    }

    [Test]
    public async Task FourProcessesWithChargesInAdvance_PassAtMostTheLimitAndAskRarely()
    {
        await Server.AskAsync("CONFIG", "RESETSTAT");
        var passed = await RunAsync(CounterAlgorithm.FixedWindow, limit: 20_000, calls: 2_500, leaseRequests: 100);
        var statistics = string.Join('\n', await Server.AskAsync("INFO", "commandstats"));
        var commands = int.Parse(
            statistics[(statistics.IndexOf("cmdstat_evalsha:calls=", StringComparison.Ordinal) + 22)..].Split(',')[0], CultureInfo.InvariantCulture);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(passed.Sum(), Is.EqualTo(Processes * 2_500), "there is enough for all");
            Assert.That(commands, Is.LessThanOrEqualTo(Processes * 2_500 / 10), "trips for 10,000 requests");
        }
    }

    [Test]
    public async Task FourProcessesWithChargesInAdvance_OverTheLimit_LoseNoMoreThanIsInHand()
    {
        var passed = await RunAsync(CounterAlgorithm.FixedWindow, limit: 1_000, calls: 1_000, leaseRequests: 50);
        Assert.That(passed.Sum(), Is.InRange(1_000 - (Processes * 50), 1_000), string.Join(", ", passed));
    }

    private async Task<int[]> RunAsync(CounterAlgorithm algorithm, int limit, int calls, int leaseRequests)
    {
        var entry = $"fleet{Guid.NewGuid():n}";
        var members = Enumerable.Range(0, Processes)
            .Select(_ => Start(Server.Endpoint, entry, $"{algorithm}", $"{limit}", $"{calls}", $"{leaseRequests}")).ToArray();
        foreach (var member in members)
        {
            Assert.That(await member.StandardOutput.ReadLineAsync(), Is.EqualTo("ready"));
        }

        await WindowAsync();
        foreach (var member in members)
        {
            await member.StandardInput.WriteLineAsync("go");
        }

        var passed = new List<int>();
        foreach (var member in members)
        {
            passed.Add(int.Parse((await member.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
            await member.WaitForExitAsync();
            member.Dispose();
        }

        return [.. passed];
    }

    /// <summary>Waits out the end of a day, so that all charges meet in one window.</summary>
    private static async Task WindowAsync()
    {
        while (TimeProvider.System.GetUtcNow().TimeOfDay > new TimeSpan(23, 59, 30))
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])["exec", typeof(FleetTests).Assembly.Location, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
