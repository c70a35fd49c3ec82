using System.Buffers;

namespace LlmGuard.Http.Json;

/// <summary>Where the segments of a JSON text stand, in order. Numbers only, no content, so that nothing is cleared.</summary>
/// <remarks>
/// Twelve bytes each, because a hostile body has a segment every few bytes: what neighbours have in common is kept once. In pages, so that a list
/// that grows never holds the old and the new.
/// </remarks>
internal sealed class OriginList
{
    private const int First = 4;
    private const int PageSize = 1024;
    private const int FirstPlaces = 2;

    private readonly bool _isLent;

    // Most lists have no page but the first, which alone is ever copied into a larger one.
    private StoredOrigin[] _first = [];
    private StoredOrigin[][] _pages = [];
    private int _pageCount;
    private OriginPlace[] _places = [];
    private int _placeCount;

    /// <summary>Begins with nothing.</summary>
    /// <param name="isLent">Whether what it takes comes from a pool, to which <see cref="Release"/> gives it back.</param>
    public OriginList(bool isLent) => _isLent = isLent;

    public int Count { get; private set; }

    public SegmentOrigin this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var stored = index < PageSize ? _first[index] : _pages[(index / PageSize) - 1][index % PageSize];
            var place = _places[stored.Place];
            return new SegmentOrigin
            {
                Kind = stored.Kind,
                Start = stored.Start,
                Length = stored.Length,
                HasEscapes = stored.HasEscapes,
                IsMessage = stored.IsMessage,
                Nested = place.Nested,
                Scope = place.Scope,
                Choice = place.Choice,
                Block = place.Block,
            };
        }
    }

    public void Add(in SegmentOrigin origin)
    {
        var at = Count % PageSize;
        if (Count < PageSize)
        {
            EnsureCapacity(Count + 1);
        }
        else if (at == 0)
        {
            AddPage();
        }

        (Count < PageSize ? _first : _pages[_pageCount - 1])[at] = new StoredOrigin(origin, PlaceOf(new OriginPlace(origin)));
        Count++;
    }

    /// <summary>Makes room at once for origins that are likely to come, up to a page.</summary>
    public void EnsureCapacity(int count)
    {
        if (Math.Min(count, PageSize) <= _first.Length)
        {
            return;
        }

        var larger = Take<StoredOrigin>(Math.Min(PageSize, Math.Max(count, Math.Max(First, _first.Length * 2))));
        _first.CopyTo(larger, 0);
        Return(_first);
        _first = larger;
    }

    /// <summary>Gives back what it has taken, and begins with nothing again.</summary>
    public void Release()
    {
        Return(_first);
        Return(_places);
        for (var i = 0; i < _pageCount; i++)
        {
            Return(_pages[i]);
        }

        (_first, _pages, _places) = ([], [], []);
        (Count, _pageCount, _placeCount) = (0, 0, 0);
    }

    private void AddPage()
    {
        if (_pageCount == _pages.Length)
        {
            Array.Resize(ref _pages, Math.Max(First, _pages.Length * 2));
        }

        _pages[_pageCount++] = Take<StoredOrigin>(PageSize);
    }

    // Keys and values take turns, so one of the last two is it nearly always.
    private int PlaceOf(in OriginPlace place)
    {
        for (var i = _placeCount - 1; i >= 0 && i >= _placeCount - 2; i--)
        {
            if (_places[i] == place)
            {
                return i;
            }
        }

        if (_placeCount == _places.Length)
        {
            var larger = Take<OriginPlace>(Math.Max(FirstPlaces, _places.Length * 2));
            _places.CopyTo(larger, 0);
            Return(_places);
            _places = larger;
        }

        _places[_placeCount] = place;
        return _placeCount++;
    }

    private T[] Take<T>(int count) => _isLent ? ArrayPool<T>.Shared.Rent(count) : new T[count];

    private void Return<T>(T[] array)
    {
        if (_isLent && array.Length > 0)
        {
            ArrayPool<T>.Shared.Return(array);
        }
    }

    /// <summary>What is a segment's alone.</summary>
    private readonly struct StoredOrigin(in SegmentOrigin origin, int place)
    {
        private const int KindBits = 3;
        private const int EscapesBit = 4;
        private const int MessageBit = 8;
        private const int PlaceAt = 4;

        public readonly int Start = origin.Start;
        public readonly int Length = origin.Length;
        private readonly int _more =
            (int)origin.Kind | (origin.HasEscapes ? EscapesBit : 0) | (origin.IsMessage ? MessageBit : 0) | (place << PlaceAt);

        public OriginKind Kind => (OriginKind)(_more & KindBits);

        public bool HasEscapes => (_more & EscapesBit) != 0;

        public bool IsMessage => (_more & MessageBit) != 0;

        public int Place => _more >>> PlaceAt;
    }

    /// <summary>What neighbours have in common.</summary>
    private readonly record struct OriginPlace(int Nested, int Scope, int Choice, int Block)
    {
        public OriginPlace(in SegmentOrigin origin)
            : this(origin.Nested, origin.Scope, origin.Choice, origin.Block)
        {
        }
    }
}
