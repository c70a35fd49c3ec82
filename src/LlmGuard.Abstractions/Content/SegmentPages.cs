using System.Buffers;
using System.Diagnostics;

namespace LlmGuard;

/// <summary>Segments in pages, so that a list that grows never holds the old and the new: a hostile body has a hundred thousand of them.</summary>
internal sealed class SegmentPages : IReleasable
{
    // 64 KB a page: more would be a large object, and of smaller ones a pool keeps too few for a large body.
    private const int PageBits = 10;
    private const int PageSize = 1 << PageBits;
    private const int First = 4;

    private readonly bool _isLent;

    // Most content has no page but the first, which alone is ever copied into a larger one.
    private SegmentData[] _first = [];
    private SegmentData[][] _pages = [];
    private int _pageCount;

    /// <summary>Begins with nothing, and never goes back to anywhere.</summary>
    public SegmentPages()
    {
    }

    private SegmentPages(bool isLent) => _isLent = isLent;

    /// <summary>What is released after it, where it is lent.</summary>
    public IReleasable? Next { get; set; }

    /// <summary>Number of segments.</summary>
    public int Count { get; private set; }

    public ref SegmentData this[int index]
    {
        get
        {
            var first = _first;
            if ((uint)index < (uint)first.Length)
            {
                return ref first[index];
            }

            return ref _pages[(index >> PageBits) - 1][index & (PageSize - 1)];
        }
    }

    /// <summary>
    /// Begins with nothing, in pages of a pool. <see cref="Release"/> gives those back, and then this, which another content has from there on:
    /// nobody may look into it without asking the <see cref="ContentMemory"/> before.
    /// </summary>
    public static SegmentPages Rent() => ReleasedStock<SegmentPages>.Take() ?? new SegmentPages(isLent: true);

    /// <summary>A new segment, with nothing in it.</summary>
    public ref SegmentData Add()
    {
        if (Count < PageSize)
        {
            Expect(1);
        }
        else if ((Count & (PageSize - 1)) == 0)
        {
            if (_pageCount == _pages.Length)
            {
                Array.Resize(ref _pages, Math.Max(First, _pageCount * 2));
            }

            _pages[_pageCount++] = Take(PageSize);
        }

        return ref this[Count++];
    }

    /// <summary>Makes room at once for segments that are likely to come, up to a page.</summary>
    public void Expect(int segments)
    {
        var room = Math.Min(PageSize, Count + segments);
        if (room <= _first.Length)
        {
            return;
        }

        // The shared pool gives powers of two, so never more than a page has: the next one begins where this one ends.
        var larger = Take(Math.Min(PageSize, Math.Max(room, Math.Max(First, _first.Length * 2))));
        Debug.Assert(larger.Length <= PageSize, "the first page is no longer than the others");
        CopyTo(larger.AsSpan(0, Count));
        GiveBack(_first, Count);
        _first = larger;
    }

    /// <summary>A copy.</summary>
    /// <param name="isLent">Whether it is to be released like one of <see cref="Rent"/>.</param>
    public SegmentPages Copy(bool isLent = false)
    {
        var copy = isLent ? Rent() : new SegmentPages();
        for (var i = 0; i < Count; i++)
        {
            SegmentData.Copy(ref this[i], ref copy.Add());
        }

        return copy;
    }

    /// <summary>Clears the pages and gives them back; those of <see cref="Rent"/> alone.</summary>
    public void Release()
    {
        GiveBack(_first, Math.Min(Count, _first.Length));
        for (var i = 0; i < _pageCount; i++)
        {
            GiveBack(_pages[i], PageSize);
        }

        (_first, _pages, _pageCount, Count) = ([], [], 0, 0);
        ReleasedStock<SegmentPages>.Keep(this);
    }

    private void CopyTo(Span<SegmentData> copy)
    {
        for (var i = 0; i < copy.Length; i++)
        {
            SegmentData.Copy(ref _first[i], ref copy[i]);
        }
    }

    private SegmentData[] Take(int count) => _isLent ? ArrayPool<SegmentData>.Shared.Rent(count) : new SegmentData[count];

    private void GiveBack(SegmentData[] page, int count)
    {
        if (_isLent && page.Length > 0)
        {
            page.AsSpan(0, count).Clear();
            ArrayPool<SegmentData>.Shared.Return(page);
        }
    }
}
