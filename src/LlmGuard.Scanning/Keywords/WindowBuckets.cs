using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Windows of four bytes, spread over buckets, so that what a bucket lets through, for any window in it, is expected to be met as rarely as can be.</summary>
internal sealed class WindowBuckets
{
    private const int Rounds = 3;

    private readonly List<(uint Window, ByteHalves Halves)>[] _buckets;

    /// <param name="windows">The windows, see <see cref="WindowFilter.At"/>.</param>
    /// <param name="count">How many buckets there are.</param>
    public WindowBuckets(IEnumerable<uint> windows, int count)
    {
        _buckets = [.. Enumerable.Range(0, count).Select(_ => new List<(uint, ByteHalves)>())];
        (uint Window, ByteHalves Halves)[] all = [.. windows.Select(w => (w, HalvesOf(w))).OrderByDescending(w => w.Item2.Frequency).ThenBy(w => w.w)];
        for (var round = 0; round < Rounds; round++)
        {
            // In later rounds each is taken out and goes where it adds least now: the last ones found only the places that were left.
            foreach (var window in all)
            {
                _ = Array.Exists(_buckets, b => b.Remove(window));
                _buckets.MinBy(b => Join(b).With(window.Halves).Frequency - Join(b).Frequency)!.Add(window);
            }
        }
    }

    /// <summary>How many buckets there are.</summary>
    public int Count => _buckets.Length;

    /// <summary>How often the buckets are expected to let something through.</summary>
    public double Frequency => _buckets.Sum(b => Join(b).Frequency);

    /// <summary>For each place and byte the buckets in which a window has it there, whatever its case, from one bucket on.</summary>
    public byte[][] Sets(int first)
    {
        byte[][] sets = [.. Enumerable.Range(0, NibbleTables.Places).Select(_ => new byte[256])];
        for (var bucket = 0; bucket < NibbleTables.Buckets; bucket++)
        {
            foreach (var (window, _) in _buckets[first + bucket])
            {
                for (var place = 0; place < NibbleTables.Places; place++)
                {
                    var value = ValueAt(window, place);
                    sets[place][value] |= (byte)(1 << bucket);
                    sets[place][value & ~0x20] |= (byte)(1 << bucket);
                }
            }
        }

        return sets;
    }

    private static ByteHalves Join(List<(uint Window, ByteHalves Halves)> bucket)
    {
        var joined = default(ByteHalves);
        foreach (var (_, halves) in bucket)
        {
            joined = joined.With(halves);
        }

        return joined;
    }

    private static ByteHalves HalvesOf(uint window)
    {
        var (lower, upper) = (0UL, 0UL);
        for (var place = 0; place < NibbleTables.Places; place++)
        {
            // Small and capital letters differ in their upper halves alone.
            var value = ValueAt(window, place);
            lower |= 1UL << ((place * 16) + (value & 0xF));
            upper |= (1UL << ((place * 16) + (value >> 4))) | (1UL << ((place * 16) + ((value & ~0x20) >> 4)));
        }

        return new ByteHalves(lower, upper);
    }

    private static int ValueAt(uint window, int place) => (int)(window >> (place * 8)) & 0xFF;
}
