namespace LlmGuard.Scanning.Entities;

/// <summary>The offsets of a text at which, by the bytes there, a detector may have to be asked, and those at which one was: one bit each for every
/// byte of what is known of it.</summary>
internal sealed class KeptOffsets
{
    private ulong[] _kept = [];
    private ulong[] _asked = [];

    /// <summary>Offset in the text that the first bit is about.</summary>
    public long Origin { get; private set; }

    /// <summary>The offset, counted from there, before which is known which are kept.</summary>
    public int Known { get; private set; }

    /// <summary>Starts on what is known of a text.</summary>
    public void Start(in ScanWindow window)
    {
        // One more than there are bytes for, because bits are taken from wherever one asks.
        var words = (window.Bytes.Length / 64) + 2;
        if (words > _kept.Length)
        {
            _kept = new ulong[Math.Max(words, Math.Min(2 * _kept.Length, words + 1024))];
            _asked = new ulong[_kept.Length];
        }

        _kept.AsSpan(0, words).Clear();
        _asked.AsSpan(0, words).Clear();
        (Origin, Known) = (window.Origin, 0);
    }

    /// <summary>Adds the offsets that are kept up to another one.</summary>
    /// <param name="begin">Where they count from.</param>
    /// <param name="offsets">The offsets.</param>
    /// <param name="known">The one before which all are known now.</param>
    public void Add(int begin, ReadOnlySpan<ushort> offsets, int known)
    {
        Known = known;
        foreach (var offset in offsets)
        {
            var at = begin + offset;
            _kept[at >> 6] |= 1UL << at;
        }
    }

    /// <summary>Adds an offset at which a detector is asked.</summary>
    public void AddAsked(int at) => _asked[at >> 6] |= 1UL << at;

    /// <summary>Which of 64 offsets are kept.</summary>
    public ulong KeptFrom(int at) => From(_kept, at);

    /// <summary>At which of 64 offsets a detector is asked.</summary>
    public ulong AskedFrom(int at) => From(_asked, at);

    private static ulong From(ulong[] bits, int at)
    {
        var (word, shift) = (at >> 6, at & 63);
        return shift == 0 ? bits[word] : (bits[word] >> shift) | (bits[word + 1] << (64 - shift));
    }
}
