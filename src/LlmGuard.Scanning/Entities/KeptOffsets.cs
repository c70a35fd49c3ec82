namespace LlmGuard.Scanning.Entities;

/// <summary>The offsets of a text at which, by the bytes there, a detector may have to be asked: one bit for each byte of what is known of it.</summary>
internal sealed class KeptOffsets
{
    private ulong[] _bits = [];

    /// <summary>Offset in the text that the first bit is about.</summary>
    public long Origin { get; private set; }

    /// <summary>Starts on what is known of a text.</summary>
    public void Start(in ScanWindow window)
    {
        // One more than there are bytes for, because bits are taken from wherever one asks.
        var words = (window.Bytes.Length / 64) + 2;
        if (words > _bits.Length)
        {
            _bits = new ulong[Math.Max(words, Math.Min(2 * _bits.Length, words + 1024))];
        }

        _bits.AsSpan(0, words).Clear();
        Origin = window.Origin;
    }

    /// <summary>Adds offsets, counted from one.</summary>
    public void Add(int begin, ReadOnlySpan<ushort> offsets)
    {
        foreach (var offset in offsets)
        {
            var at = begin + offset;
            _bits[at >> 6] |= 1UL << at;
        }
    }

    /// <summary>The bits of 64 offsets.</summary>
    public ulong From(int at)
    {
        var (word, shift) = (at >> 6, at & 63);
        return shift == 0 ? _bits[word] : (_bits[word] >> shift) | (_bits[word + 1] << (64 - shift));
    }
}
