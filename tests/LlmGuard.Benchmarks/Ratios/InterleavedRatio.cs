using System.Diagnostics;

namespace LlmGuard.Benchmarks.Ratios;

/// <summary>
/// Measures product and baseline in turn, A B A B, and keeps the minimum of each: drift of the machine then hits both, and the minimum is the
/// run that was disturbed least. Absolute times move from day to day; quote the ratio.
/// </summary>
internal static class InterleavedRatio
{
    public static async Task<RatioRow> MeasureAsync(Comparison comparison, int samples)
    {
        await comparison.Baseline.RunAsync(comparison.Operations);
        await comparison.Product.RunAsync(comparison.Operations);
        var baseline = Sample.Worst;
        var product = Sample.Worst;
        for (var i = 0; i < samples; i++)
        {
            baseline = baseline.Min(await SampleAsync(comparison.Baseline, comparison.Operations));
            product = product.Min(await SampleAsync(comparison.Product, comparison.Operations));
        }

        return new RatioRow(comparison, product, baseline);
    }

    private static async Task<Sample> SampleAsync(Side side, int operations)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await side.RunAsync(operations);
        var elapsed = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        process.Refresh();
        return new Sample(
            elapsed.TotalMicroseconds / operations,
            (process.TotalProcessorTime - cpu).TotalMicroseconds / operations,
            (double)bytes / operations);
    }
}

/// <summary>What one operation cost: microseconds of wall time and of CPU of the whole process, and allocated bytes.</summary>
internal readonly record struct Sample(double WallMicroseconds, double CpuMicroseconds, double Bytes)
{
    public static Sample Worst { get; } = new(double.MaxValue, double.MaxValue, double.MaxValue);

    public Sample Min(Sample other) => new(
        Math.Min(WallMicroseconds, other.WallMicroseconds),
        Math.Min(CpuMicroseconds, other.CpuMicroseconds),
        Math.Min(Bytes, other.Bytes));
}

/// <summary>A line of the table.</summary>
internal sealed record RatioRow(Comparison Comparison, Sample Product, Sample Baseline)
{
    public override string ToString() => FormattableString.Invariant(
        $"| {Comparison.Name} | {Comparison.Product.Name} | {Comparison.Baseline.Name} | {Product.WallMicroseconds:0.00} | {Baseline.WallMicroseconds:0.00} | **{Product.WallMicroseconds / Baseline.WallMicroseconds:0.00}** | {Product.CpuMicroseconds / Math.Max(Baseline.CpuMicroseconds, 0.001):0.00} | {Product.Bytes:0} | {Baseline.Bytes:0} |");
}
