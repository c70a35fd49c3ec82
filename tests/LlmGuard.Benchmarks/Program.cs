using BenchmarkDotNet.Running;
using LlmGuard.Benchmarks.Cases;
using LlmGuard.Benchmarks.Loopback;
using LlmGuard.Benchmarks.Parts;
using LlmGuard.Benchmarks.Ratios;

switch (args)
{
    case ["ratios", .. var filters]:
        Console.WriteLine(RatioRow.Header);
        foreach (var comparison in Suite.All().Where(c => filters.Length == 0 || filters.Any(f => c.Name.Contains(f, StringComparison.OrdinalIgnoreCase))))
        {
            Console.WriteLine(await InterleavedRatio.MeasureAsync(comparison));
        }

        return 0;

    case ["bdn", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(PartsConfig).Assembly).Run(rest.Length == 0 ? ["--filter", "*"] : rest, new PartsConfig());
        return 0;

    case ["hold-back"]:
        Console.WriteLine(await HoldBack.MeasureAsync());
        return 0;

    case [PeerProcess.Verb]:
        await Peer.RunAsync();
        return 0;

    default:
        await Console.Error.WriteLineAsync("ratios [part of a case's name ...] | hold-back | bdn [arguments of BenchmarkDotNet]");
        return 2;
}
