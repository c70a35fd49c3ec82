namespace LlmGuard.Planning;

/// <summary>An entry's <c>streaming</c>; null values mean the plugin's own.</summary>
internal sealed record StreamingOptions
{
    public static StreamingOptions Default { get; } = new();

    /// <summary><c>incremental</c>, <c>head</c> or <c>buffer</c>; null for the plugin's own.</summary>
    public string? Mode { get; init; }

    public int HeadChars { get; init; } = 400;

    public int HeadMaxMs { get; init; } = 10_000;

    public int MinChars { get; init; } = 2048;

    public int MaxHoldMs { get; init; } = 800;

    public int MaxWindowChars { get; init; } = 65_536;
}
