namespace LlmGuard.Benchmarks.Ratios;

/// <summary>The product against a named baseline, measured in one run.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Product">Ours.</param>
/// <param name="Baseline">What it is compared with.</param>
/// <param name="Operations">How often a sample does it.</param>
internal sealed record Comparison(string Name, Side Product, Side Baseline, int Operations);
