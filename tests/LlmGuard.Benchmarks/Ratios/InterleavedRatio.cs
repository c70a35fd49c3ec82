using System.Diagnostics;
using System.Runtime;

namespace LlmGuard.Benchmarks.Ratios;

/// <summary>
/// Measures product and baseline in turn, A B A B, and keeps the minimum of each: drift of the machine then hits both, and the minimum is the
/// run that was disturbed least. Absolute times move from day to day; quote the ratio.
/// </summary>
internal static class InterleavedRatio
{
    private const int Samples = 21;
    private const int MaxOperations = 1 << 22;

    /// <summary>
    /// Runs in a row that are no faster than those before, and in which nothing was compiled, before a side counts as warm: on a busy machine
    /// compiling takes its time, and until it has come to its end code runs that counts its own calls.
    /// </summary>
    private const int SettledRuns = 4;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(30);

    /// <summary>Short enough to fit between two disturbances now and then, long enough for the clock of the CPU time.</summary>
    private static readonly TimeSpan SampleTime = TimeSpan.FromMilliseconds(60);

    public static async Task<RatioRow> MeasureAsync(Comparison comparison)
    {
        await using var pair = await comparison.Open();
        var ofBaseline = await WarmUpAsync(pair.Baseline);
        var ofProduct = await WarmUpAsync(pair.Product);
        var baseline = Sample.Worst;
        var product = Sample.Worst;
        for (var i = 0; i < Samples; i++)
        {
            baseline = baseline.Min(await Sample.TakeAsync(pair.Baseline, ofBaseline));
            product = product.Min(await Sample.TakeAsync(pair.Product, ofProduct));
        }

        return new RatioRow(comparison.Name, pair.Product.Name, pair.Baseline.Name, product, baseline);
    }

    /// <summary>Runs until tiered compilation has settled; returns how many operations make one sample.</summary>
    public static async Task<int> WarmUpAsync(Side side)
    {
        var operations = 1;
        var (fastest, settled, compiled) = (TimeSpan.MaxValue, 0, 0L);
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            await side.RunAsync(operations);
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed < SampleTime && operations < MaxOperations)
            {
                operations *= 2;
            }
            else
            {
                var compiling = JitInfo.GetCompiledMethodCount();
                settled = elapsed < 0.95 * fastest || compiling != compiled ? 0 : settled + 1;
                compiled = compiling;
                fastest = elapsed < fastest ? elapsed : fastest;
                var warm = Stopwatch.GetElapsedTime(start);
                if ((settled >= SettledRuns && warm > 12 * SampleTime) || warm > LongestWarmUp)
                {
                    return Math.Max(1, operations);
                }
            }
        }
    }
}
