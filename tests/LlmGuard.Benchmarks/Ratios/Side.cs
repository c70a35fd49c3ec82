namespace LlmGuard.Benchmarks.Ratios;

/// <summary>One of two ways to do the same thing.</summary>
/// <param name="Name">What it is.</param>
/// <param name="RunAsync">Does it so many times.</param>
internal sealed record Side(string Name, Func<int, Task> RunAsync);
