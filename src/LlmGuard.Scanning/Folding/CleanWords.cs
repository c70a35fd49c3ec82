using System.Buffers;

namespace LlmGuard.Scanning.Folding;

/// <summary>Words of one text that were compared and resemble nothing, so that a word that comes again is not compared again. Dispose it.</summary>
/// <remarks>It remembers places in the text and compares the bytes, so a word cannot be taken for another.</remarks>
internal readonly ref struct CleanWords(ReadOnlySpan<byte> utf8)
{
    private const int Size = 1024;

    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private readonly long[] _places = Clear(ArrayPool<long>.Shared.Rent(Size));

    /// <summary>Whether the same word was added and is still remembered.</summary>
    public bool Contains(int start, int end)
    {
        var place = _places[Slot(start, end)];
        var (from, length) = ((int)(place >> 32), (int)place);
        return length == end - start && _utf8.Slice(from, length).SequenceEqual(_utf8[start..end]);
    }

    /// <summary>Remembers a word in place of whichever had its slot.</summary>
    public void Add(int start, int end) => _places[Slot(start, end)] = ((long)start << 32) | (uint)(end - start);

    public void Dispose() => ArrayPool<long>.Shared.Return(_places);

    private static long[] Clear(long[] places)
    {
        Array.Clear(places);
        return places;
    }

    private int Slot(int start, int end)
    {
        var hash = (uint)(end - start);
        foreach (var value in _utf8[start..end])
        {
            hash = (hash ^ value) * 0x01000193;
        }

        return (int)((hash ^ (hash >> 15)) & (Size - 1));
    }
}
