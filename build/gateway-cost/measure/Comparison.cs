using System.Diagnostics;
using System.Globalization;

namespace LlmGuard.GatewayCost;

/// <summary>Compares forwarders with the first of them, in short rounds in which they take turns.</summary>
/// <param name="forwarders">The forwarders; the last one is the one that refuses most.</param>
/// <param name="rounds">How many rounds, above 0.</param>
/// <param name="duration">How long a turn takes.</param>
/// <param name="bound">The share by which two halves of the rounds may differ.</param>
internal sealed class Comparison(List<Forwarder> forwarders, int rounds, TimeSpan duration, double bound)
{
    private const int Connections = 8;
    private const double MostForeign = 0.10;
    private const double MostCompiling = 0.02;
    private const int QuietBursts = 5;

    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(60);

    private int _disturbed;

    /// <summary>Prints a line for each forwarder; false where no ratio can be told.</summary>
    /// <param name="size">Bytes of a body.</param>
    /// <param name="kind">What the text is called.</param>
    /// <param name="text">Writes a text of about a length.</param>
    public bool Compare(int size, string kind, Func<Random, int, string> text)
    {
        var drawn = Enumerable.Range(0, 64).Select(seed => Bodies.Request(size, seed, text)).ToArray();
        var bodies = Load.Answered(forwarders[^1].Port, drawn);
        if (bodies.Length < drawn.Length / 2)
        {
            Console.Error.WriteLine(
                $"{size / 1024} KB, {kind}: nothing is measured, since the policy refuses {drawn.Length - bodies.Length} of {drawn.Length} bodies.");
            return false;
        }

        var loads = forwarders.Select(f => new Load(f.Port, bodies, Connections)).ToArray();
        foreach (var (forwarder, load) in forwarders.Zip(loads))
        {
            if (!WarmUp(forwarder, load))
            {
                Console.Error.WriteLine($"{size / 1024} KB, {kind}: {forwarder.Name} still compiles after {LongestWarmUp.TotalSeconds:F0} s.");
            }
        }

        var costs = forwarders.Select(_ => new double?[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < forwarders.Count; turn++)
            {
                // Never in the same order twice running: what comes after the dearest one must not always be the same.
                var which = (round + turn) % forwarders.Count;
                costs[which][round] = Measure(forwarders[which], loads[which]);
            }
        }

        Array.ForEach(loads, static l => l.Dispose());
        var isSteady = true;
        var lines = new List<(string Name, double Cost, double Ratio, double Difference, int Count)>();
        foreach (var (forwarder, cost) in forwarders.Zip(costs))
        {
            // Of the one that the others are compared with, the times themselves have to be steady.
            var compared = Enumerable.Range(0, rounds).Select(i => forwarder == forwarders[0] ? cost[i] : cost[i] / costs[0][i]).ToArray();
            var (even, odd) = (Median(compared.Where((_, i) => i % 2 == 0)), Median(compared.Where((_, i) => i % 2 == 1)));
            var (difference, count) = ((Math.Max(even, odd) / Math.Min(even, odd)) - 1, compared.Count(static c => c is not null));
            isSteady &= difference <= bound && count >= rounds / 2;
            lines.Add((forwarder.Name, Median(cost), forwarder == forwarders[0] ? 1 : Median(compared), difference, count));
        }

        foreach (var (name, cost, ratio, difference, count) in lines)
        {
            var shown = isSteady ? ratio.ToString("F3", CultureInfo.InvariantCulture) : "unsteady";
            Console.WriteLine(FormattableString.Invariant(
                $"| {size / 1024} KB, {kind} | {name} | {cost:F1} | {shown} | {100 * difference:F1} % | {count} of {rounds} |"));
        }

        if (!isSteady)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{size / 1024} KB, {kind}: no ratio, since two halves of the rounds differ by more than {100 * bound:F0} % or fewer than half of "
                + $"the rounds count. In {_disturbed} turns so far others took more than {MostForeign:P0} of the machine."));
        }

        return isSteady;
    }

    // Until the runtime has compiled everything for the last time, which shows in bursts after which its compiler has nothing to do; false when it is
    // not there in time.
    private static bool WarmUp(Forwarder forwarder, Load load)
    {
        var (started, quiet) = (Stopwatch.StartNew(), 0);
        while (quiet < QuietBursts && started.Elapsed < LongestWarmUp)
        {
            var before = forwarder.CpuNanoseconds().Compiler;
            load.Run(Burst);
            var (now, since) = (forwarder.CpuNanoseconds().Compiler, Stopwatch.StartNew());
            while (since.Elapsed < Pause)
            {
                Thread.Sleep(20);
                var next = forwarder.CpuNanoseconds().Compiler;
                if (next != now)
                {
                    now = next;
                    since.Restart();
                }
            }

            quiet = Math.Abs(now - before) < MostCompiling * Burst.TotalNanoseconds ? quiet + 1 : 0;
        }

        return quiet == QuietBursts;
    }

    // Microseconds of CPU per request; null where the round does not count.
    private double? Measure(Forwarder forwarder, Load load)
    {
        var (machine, ours, before) = (Machine.Ticks(), OurTicks(), forwarder.CpuNanoseconds());
        var requests = load.Run(duration);
        var (after, oursAfter, machineAfter) = (forwarder.CpuNanoseconds(), OurTicks(), Machine.Ticks());
        var foreign = (machineAfter.Busy - machine.Busy - (oursAfter - ours)) / (double)Math.Max(1, machineAfter.All - machine.All);
        var compiling = (after.Compiler - before.Compiler) / (double)Math.Max(1, after.Sum - before.Sum);
        _disturbed += foreign > MostForeign ? 1 : 0;
        return foreign > MostForeign || compiling > MostCompiling || !before.Threads.IsSubsetOf(after.Threads) ? null
            : (after.Sum - before.Sum) / 1000.0 / requests;
    }

    private long OurTicks() => Machine.TicksOf(Environment.ProcessId) + forwarders.Sum(static f => Machine.TicksOf(f.Id));

    private static double Median(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
