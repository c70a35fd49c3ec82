namespace LlmGuard;

/// <summary>How far the rules of a span evaluator look, in raw UTF-8 bytes; the same for a stream and for a whole text.</summary>
/// <param name="Left">Bytes before a match that decide about it. At most 256.</param>
/// <param name="Match">Longest match.</param>
/// <param name="Right">Bytes after a match that decide about it.</param>
public readonly record struct SpanReach(int Left, int Match, int Right)
{
    /// <summary>Most bytes of already released text that are handed back as left context.</summary>
    public const int MaxLeft = 256;

    /// <summary>
    /// Most bytes a stream can be held back for these rules: a match that may still grow, and what follows it. At most <see cref="int.MaxValue"/>.
    /// </summary>
    public int HoldBack => (int)Math.Min((long)Match + Right, int.MaxValue);

    /// <summary>The reach of both.</summary>
    /// <param name="other">The other reach.</param>
    public SpanReach Union(SpanReach other) => new(Math.Max(Left, other.Left), Math.Max(Match, other.Match), Math.Max(Right, other.Right));
}
