namespace LlmGuard.Planning;

/// <summary>The policy's <c>limits</c>. Passing one is an input failure (on a response: an output failure).</summary>
internal sealed record PlanLimits
{
    public static PlanLimits Default { get; } = new();

    /// <summary>Largest body in bytes, decoded.</summary>
    public long MaxBodyBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Deepest JSON nesting; 1 is a flat object.</summary>
    public int MaxDepth { get; init; } = 64;

    public int MaxSegments { get; init; } = 65_536;

    public int MaxFindings { get; init; } = 10_000;

    /// <summary>Largest ratio of decoded to encoded bytes, checked once more than 1 MiB has been decoded.</summary>
    public int MaxInflateRatio { get; init; } = 100;

    /// <summary>Most bytes of a stream that are held back.</summary>
    public int MaxHeldBytes { get; init; } = 64 * 1024;
}
