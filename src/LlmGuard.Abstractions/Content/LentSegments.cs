namespace LlmGuard;

/// <summary>Segments in pages of a pool, cleared before they go back.</summary>
internal sealed class LentSegments(SegmentPages segments) : IReleasable
{
    public IReleasable? Next { get; set; }

    public void Release() => segments.Return();
}
