using BenchmarkDotNet.Running;
using LlmGuard.Benchmarks.Cases;
using LlmGuard.Benchmarks.Judges;
using LlmGuard.Benchmarks.Loopback;
using LlmGuard.Benchmarks.Parts;
using LlmGuard.Benchmarks.Ratios;
using LlmGuard.Benchmarks.Redis;

switch (args)
{
    case ["ratios", .. var filters]:
        Console.WriteLine(RatioRow.Header);
        foreach (var comparison in Suite.All()
            .Where(c => filters.Length == 0 || filters.Any(f => c.Name.Contains(f, StringComparison.OrdinalIgnoreCase))))
        {
            Console.WriteLine(await InterleavedRatio.MeasureAsync(comparison));
        }

        return 0;

    case ["loop" or "loop-baseline", var name, var operations]:
        await using (var pair = await Suite.All().First(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Open())
        {
            await (args[0] == "loop" ? pair.Product : pair.Baseline)
                .RunAsync(int.Parse(operations, System.Globalization.CultureInfo.InvariantCulture));
        }

        return 0;

    case ["allocated", .. var filters]:
        foreach (var comparison in Suite.All().Where(c => filters.Any(f => c.Name.Contains(f, StringComparison.OrdinalIgnoreCase))))
        {
            await using var pair = await comparison.Open();
            var operations = await InterleavedRatio.WarmUpAsync(pair.Product);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await pair.Product.RunAsync(operations);
            Console.WriteLine($"{(GC.GetTotalAllocatedBytes(precise: true) - before) / (double)operations:F1} bytes: {comparison.Name}");
        }

        return 0;

    case ["bdn", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(PartsConfig).Assembly).Run(rest.Length == 0 ? ["--filter", "*"] : rest, new PartsConfig());
        return 0;

    case ["judges"]:
        await JudgeCost.RunAsync();
        await JudgeLatency.RunAsync();
        return 0;

    case ["redis"]:
        await RedisThroughput.RunAsync();
        await RedisLatency.RunAsync();
        return 0;

    case ["hold-back"]:
        Console.WriteLine(await HoldBack.MeasureAsync());
        return 0;

    case [PeerProcess.Verb]:
        await Peer.RunAsync();
        return 0;

    default:
        await Console.Error.WriteLineAsync("ratios [part of a case's name ...] | loop[-baseline] <case> <operations> | allocated <part of a case's name ...> | hold-back | judges | redis | bdn [arguments of BenchmarkDotNet]");
        return 2;
}
