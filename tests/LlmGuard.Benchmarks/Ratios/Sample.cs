using System.Diagnostics;

namespace LlmGuard.Benchmarks.Ratios;

/// <summary>What one operation cost: microseconds of wall time and of CPU of the whole process, and allocated bytes.</summary>
internal readonly record struct Sample(double WallMicroseconds, double CpuMicroseconds, double Bytes)
{
    public static Sample Worst { get; } = new(double.MaxValue, double.MaxValue, double.MaxValue);

    public static async Task<Sample> TakeAsync(Side side, int operations)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var cpu = Environment.CpuUsage.TotalTime;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await side.RunAsync(operations);
        var elapsed = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new Sample(
            elapsed.TotalMicroseconds / operations,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / operations,
            (double)bytes / operations);
    }

    public Sample Min(Sample other) => new(
        Math.Min(WallMicroseconds, other.WallMicroseconds),
        Math.Min(CpuMicroseconds, other.CpuMicroseconds),
        Math.Min(Bytes, other.Bytes));
}
