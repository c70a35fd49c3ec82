namespace LlmGuard.Benchmarks.Ratios;

/// <summary>One of two ways to do the same thing.</summary>
/// <param name="Name">What it is.</param>
/// <param name="RunAsync">Does it so many times.</param>
internal sealed record Side(string Name, Func<int, Task> RunAsync)
{
    /// <summary>A side that does something synchronous.</summary>
    public static Side Of(string name, Action once) => new(name, operations =>
    {
        for (var i = 0; i < operations; i++)
        {
            once();
        }

        return Task.CompletedTask;
    });

    /// <summary>A side that does something asynchronous, one after the other.</summary>
    public static Side Of(string name, Func<ValueTask> once) => new(name, async operations =>
    {
        for (var i = 0; i < operations; i++)
        {
            await once();
        }
    });
}
