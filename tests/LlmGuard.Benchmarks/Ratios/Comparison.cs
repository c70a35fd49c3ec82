namespace LlmGuard.Benchmarks.Ratios;

/// <summary>The product against a named baseline, measured in one run.</summary>
/// <param name="Name">What is compared; the filter of the command line looks here.</param>
/// <param name="Open">Prepares both sides, when their turn has come.</param>
internal sealed record Comparison(string Name, Func<Task<Pair>> Open)
{
    /// <summary>A comparison whose sides need nothing that has to be put away.</summary>
    public Comparison(string name, Func<(Side Product, Side Baseline)> open)
        : this(name, () =>
        {
            var (product, baseline) = open();
            return Task.FromResult(new Pair(product, baseline));
        })
    {
    }
}

/// <summary>Both sides of a comparison, and what they stand on.</summary>
/// <param name="Product">Ours.</param>
/// <param name="Baseline">What it is compared with.</param>
/// <param name="Owned">Disposed with the pair.</param>
internal sealed record Pair(Side Product, Side Baseline, params IAsyncDisposable[] Owned) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Owned)
        {
            await owned.DisposeAsync();
        }
    }
}
