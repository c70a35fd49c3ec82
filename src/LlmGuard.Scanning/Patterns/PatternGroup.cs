using System.Numerics;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Patterns;

/// <summary>The fingerprints of several patterns, looked for in one pass instead of one for each. Immutable.</summary>
internal sealed class PatternGroup
{
    // One bit each.
    private const int MostPatterns = 64;

    // Their buckets are found by trying, so that it takes the square of them.
    private const int MostRows = 256;

    // Met more often than this, passes of their own would stop less often.
    private const double Rare = 0.25;

    // A text in which there are more takes passes of its own, which need no memory.
    private const int LeastRoom = 64;
    private const int BytesPerCandidate = 32;

    private readonly PatternFingerprint[] _fingerprints;
    private readonly ulong[] _patterns = new ulong[NibbleTables.Places * 256];
    private readonly NibbleTables _tables;
    private readonly NibbleTables _more;

    private PatternGroup(PatternFingerprint[] fingerprints, RowBuckets buckets)
    {
        _fingerprints = fingerprints;
        (_tables, _more) = (buckets.Tables(0), buckets.Tables(NibbleTables.Buckets));
        for (var pattern = 0; pattern < fingerprints.Length; pattern++)
        {
            foreach (var row in fingerprints[pattern].Rows)
            {
                for (var at = 0; at < _patterns.Length; at++)
                {
                    _patterns[at] |= row[at >> 8][at & 0xFF] ? 1UL << pattern : 0;
                }
            }
        }
    }

    /// <summary>Puts patterns together.</summary>
    /// <param name="programs">The patterns.</param>
    /// <returns>For each its group and its number there; no group where it is better looked for alone.</returns>
    public static (PatternGroup? Group, int Number)[] Of(IReadOnlyList<PatternProgram> programs)
    {
        var places = new (PatternGroup? Group, int Number)[programs.Count];
        var (members, rows) = (new List<int>(), 0);
        for (var i = 0; i <= programs.Count; i++)
        {
            var fingerprint = i < programs.Count ? programs[i].Fingerprint : null;
            var isFull = members.Count == MostPatterns || rows + (fingerprint?.Rows.Count ?? 0) > MostRows;
            if (members.Count > 0 && (isFull || i == programs.Count))
            {
                var group = TryMake([.. members.Select(m => programs[m].Fingerprint!)]);
                for (var number = 0; number < members.Count; number++)
                {
                    places[members[number]] = (group, number);
                }

                members.Clear();
                rows = 0;
            }

            if (fingerprint is not null)
            {
                members.Add(i);
                rows += fingerprint.Rows.Count;
            }
        }

        return places;
    }

    /// <summary>Finds all places of a text where a row of a fingerprint stands.</summary>
    /// <param name="text">The text as a whole.</param>
    /// <param name="offsets">Receives the places, ascending.</param>
    /// <param name="patterns">Receives the patterns of each, one bit for each number.</param>
    /// <returns>Whether there are few enough.</returns>
    public bool TryFind(ReadOnlySpan<byte> text, List<int> offsets, List<ulong> patterns)
    {
        var (at, last, room) = (0, text.Length - NibbleTables.Places, LeastRoom + (text.Length / BytesPerCandidate));
        for (ulong perhaps; at <= last && (perhaps = NibbleTables.Next(_tables, _more, text, ref at)) != 0;
            at += NibbleTables.Judged(text.Length, at))
        {
            for (; perhaps != 0; perhaps &= perhaps - 1)
            {
                Take(text, at + BitOperations.TrailingZeroCount(perhaps), offsets, patterns);
            }

            if (offsets.Count > room)
            {
                return false;
            }
        }

        for (; at <= last; at++)
        {
            Take(text, at, offsets, patterns);
        }

        return true;
    }

    private void Take(ReadOnlySpan<byte> text, int at, List<int> offsets, List<ulong> patterns)
    {
        var fitting = _patterns[text[at]] & _patterns[256 + text[at + 1]] & _patterns[512 + text[at + 2]] & _patterns[768 + text[at + 3]];
        for (var left = fitting; left != 0; left &= left - 1)
        {
            if (!_fingerprints[BitOperations.TrailingZeroCount(left)].StandsAt(text, at))
            {
                fitting &= ~(left & (0 - left));
            }
        }

        if (fitting != 0)
        {
            offsets.Add(at);
            patterns.Add(fitting);
        }
    }

    private static PatternGroup? TryMake(PatternFingerprint[] fingerprints)
    {
        if (fingerprints.Length < 2)
        {
            return null;
        }

        var buckets = new RowBuckets(fingerprints.SelectMany(f => f.Rows).Select(RowOf), 2 * NibbleTables.Buckets);
        return buckets.Frequency < Rare ? new PatternGroup(fingerprints, buckets) : null;
    }

    private static ByteRow RowOf(bool[][] sets)
    {
        var row = default(ByteRow);
        for (var at = 0; at < NibbleTables.Places * 256; at++)
        {
            if (sets[at >> 8][at & 0xFF])
            {
                row.Add(at >> 8, at & 0xFF);
            }
        }

        return row;
    }
}
