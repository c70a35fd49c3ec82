using System.Buffers;

namespace LlmGuard;

/// <summary>Segments in an array of a pool, cleared before it goes back.</summary>
internal sealed class LentSegments(SegmentData[] segments, int count) : IReleasable
{
    public IReleasable? Next { get; set; }

    /// <summary>Takes an array; its entries are as they were made, without anything in them.</summary>
    public static SegmentData[] Rent(int count) => ArrayPool<SegmentData>.Shared.Rent(count);

    /// <summary>Gives an array back.</summary>
    public static void Return(SegmentData[] segments, int count)
    {
        segments.AsSpan(0, count).Clear();
        ArrayPool<SegmentData>.Shared.Return(segments);
    }

    public void Release() => Return(segments, count);
}
