namespace LlmGuard.Benchmarks.Ratios;

/// <summary>A line of the table.</summary>
internal sealed record RatioRow(string Name, string ProductName, string BaselineName, Sample Product, Sample Baseline)
{
    public const string Header =
        "| case | product | baseline | product us | baseline us | wall ratio | CPU ratio | added CPU us | product B | baseline B |\n"
        + "|---|---|---|--:|--:|--:|--:|--:|--:|--:|";

    public override string ToString() => FormattableString.Invariant(
        $"| {Name} | {ProductName} | {BaselineName} | {Product.WallMicroseconds:0.00} | {Baseline.WallMicroseconds:0.00} | **{Of(Product.WallMicroseconds, Baseline.WallMicroseconds):0.00}** | {Of(Product.CpuMicroseconds, Baseline.CpuMicroseconds):0.00} | {Product.CpuMicroseconds - Baseline.CpuMicroseconds:0.0} | {Product.Bytes:0} | {Baseline.Bytes:0} |");

    private static double Of(double product, double baseline) => baseline > 0 ? product / baseline : double.NaN;
}
