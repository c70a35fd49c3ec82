using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LlmGuard.Plugins.InjectionProtection.Prompts.Turns;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>
/// Tells in one pass whether a text may have any of the marks and spellings that hardly any text has, so that most are not searched for each of them.
/// Says "perhaps" too often and "no" never wrongly.
/// </summary>
internal static class RareSigns
{
    private const int Length = NibbleTables.Places;
    private const int HashBits = 12;

    // The four bytes of each sign that are met least; behind a shorter one there is always more of what it begins.
    private static readonly byte[][] Windows =
        [.. RoleMarkers.Signs.Concat(PlayfulSpelling.Signs).Select(Window).DistinctBy(Convert.ToHexString)
            .OrderBy(Convert.ToHexString, StringComparer.Ordinal)];

    private static readonly uint[] WholeWindows = [.. Windows.Where(w => w.Length == Length).Select(w => MemoryMarshal.Read<uint>(w))];
    private static readonly uint[] Hashes = ReadHashes();
    private static readonly NibbleTables Tables = new(ReadBuckets());

    /// <param name="text">The text, folded and in lower case.</param>
    public static bool MayStand(ReadOnlySpan<byte> text)
    {
        var last = text.Length - Length;
        var at = 0;
        for (ulong perhaps; (perhaps = Tables.Next(text, ref at)) != 0; at += NibbleTables.Judged(text.Length, at))
        {
            for (; perhaps != 0; perhaps &= perhaps - 1)
            {
                if (at + BitOperations.TrailingZeroCount(perhaps) is var offset && offset <= last && MayStandAt(text, offset))
                {
                    return true;
                }
            }
        }

        for (; at <= last; at++)
        {
            if (MayStandAt(text, at))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MayStandAt(ReadOnlySpan<byte> text, int at)
    {
        var window = MemoryMarshal.Read<uint>(text[at..]);
        var slot = Slot(window);
        return ((Hashes[slot >> 5] >> (slot & 31) & 1) != 0 && WholeWindows.AsSpan().Contains(window))
            || (text[at] == '<' && text[at + 1] == '|')
            || (AsciiByte.IsLower(text[at]) && PlayfulSpelling.IsLetterSign(text[at + 1]) && AsciiByte.IsLower(text[at + 2]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(uint window) => (int)(window * 0x9E3779B1u >> (32 - HashBits));

    private static byte[] Window(string sign)
    {
        var bytes = Encoding.ASCII.GetBytes(sign);
        return bytes.Length <= Length ? bytes : bytes.AsSpan(ByteRarity.RarestWindow(bytes, Length), Length).ToArray();
    }

    private static uint[] ReadHashes()
    {
        var hashes = new uint[(1 << HashBits) / 32];
        foreach (var window in WholeWindows)
        {
            var slot = Slot(window);
            hashes[slot >> 5] |= 1u << (slot & 31);
        }

        return hashes;
    }

    // In each of most buckets windows that are alike; and two for signs between letters, the first two of which have something behind them. They are
    // two because the tables know halves of bytes: what "!" and "0" have in common has the space.
    private static byte[][] ReadBuckets()
    {
        var clusters = Windows.Select(w => new[] { w }).ToList();
        while (clusters.Count > NibbleTables.Buckets - 2)
        {
            var (first, second) =
                (from a in Enumerable.Range(0, clusters.Count) from b in Enumerable.Range(a + 1, clusters.Count - a - 1) select (a, b))
                .MinBy(p => Cost([.. clusters[p.a], .. clusters[p.b]]) - Cost(clusters[p.a]) - Cost(clusters[p.b]));
            clusters[first] = [.. clusters[first], .. clusters[second]];
            clusters.RemoveAt(second);
        }

        var buckets = Enumerable.Range(0, Length).Select(_ => new byte[256]).ToArray();
        for (var value = 0; value < 256; value++)
        {
            for (var place = 0; place < Length; place++)
            {
                for (var bucket = 0; bucket < clusters.Count; bucket++)
                {
                    buckets[place][value] |= (byte)(clusters[bucket].Any(w => place >= w.Length || w[place] == value) ? 1 << bucket : 0);
                }
            }

            const int digits = 1 << (NibbleTables.Buckets - 1);
            const int others = 1 << (NibbleTables.Buckets - 2);
            buckets[0][value] |= (byte)(AsciiByte.IsLower(value) ? digits | others : 0);
            buckets[1][value] |= (byte)(PlayfulSpelling.IsLetterSign((byte)value) ? value < '0' ? others : digits : 0);
            buckets[2][value] |= (byte)(AsciiByte.IsLower(value) ? digits | others : 0);
            buckets[3][value] |= digits | others;
        }

        return buckets;
    }

    // How often a bucket of these windows says "perhaps", roughly.
    private static double Cost(byte[][] windows)
    {
        var cost = 1.0;
        Span<bool> seen = stackalloc bool[256];
        for (var place = 0; place < Length; place++)
        {
            var sum = 0;
            seen.Clear();
            foreach (var window in windows)
            {
                if (place < window.Length && !seen[window[place]])
                {
                    seen[window[place]] = true;
                    sum += ByteRarity.Frequency(window[place]);
                }
            }

            cost *= Math.Max(1, sum);
        }

        return cost;
    }
}
