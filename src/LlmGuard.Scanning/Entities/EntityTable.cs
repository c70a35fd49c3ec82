using System.Numerics;

namespace LlmGuard.Scanning.Entities;

/// <summary>The detectors of a plan and the tables that find where to ask which. Immutable.</summary>
/// <remarks>
/// Openings of all detectors are put in up to 64 groups, one bit each: four tables tell by a byte in which groups it may stand at a place, and what all
/// four agree on is a candidate. A coarser filter passes over most places without even that. Most of a text is passed over by that; the exact trigger then tells which detectors of the group to ask.
/// </remarks>
internal sealed class EntityTable
{
    /// <summary>Most detectors of one table: one bit each.</summary>
    public const int MaxDetectors = 64;

    private const int Groups = 64;

    private readonly ulong[] _asked = new ulong[3 * 256];
    private readonly ulong[][] _groups = [new ulong[256], new ulong[256], new ulong[256], new ulong[256]];
    private readonly OpeningFilter _filter;
    private readonly ulong[] _members = new ulong[Groups];

    /// <param name="detectors">The detectors and the number of the rule each stands for.</param>
    public EntityTable(IReadOnlyList<(Detector Detector, int Rule)> detectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(detectors.Count, MaxDetectors);
        Detectors = [.. detectors.Select(d => d.Detector)];
        Rules = [.. detectors.Select(d => d.Rule)];
        for (var number = 0; number < Detectors.Length; number++)
        {
            foreach (var before in new[] { Neighbours.Other, Neighbours.Letter, Neighbours.Digit })
            {
                for (var value = 0; value < 256; value++)
                {
                    _asked[Row(before) + value] |= Detectors[number].IsTriggerAfter(before, (byte)value) ? 1UL << number : 0;
                }
            }
        }

        AddOpenings();
        var isAskedWithinWords = Enumerable.Range('a', 26).Any(letter => _asked[Row(Neighbours.Letter) + letter] != 0);
        _filter = new OpeningFilter(Enumerable.Range(0, Groups).Where(group => _members[group] != 0).Select(GroupSets), isAskedWithinWords);
    }

    public Detector[] Detectors { get; }

    public int[] Rules { get; }

    /// <summary>The first offset from a given one on where a detector is to be asked; the length of the text if there is none.</summary>
    /// <param name="text">What is known of the text.</param>
    /// <param name="at">The offset to start at.</param>
    /// <param name="asked">The detectors to ask there, one bit each.</param>
    public int Next(ReadOnlySpan<byte> text, int at, out ulong asked)
    {
        if (at == 0 && text.Length >= OpeningFilter.Reach)
        {
            if ((asked = AskedByOpening(text, at)) != 0)
            {
                return at;
            }

            at++;
        }

        for (uint perhaps; at > 0 && (perhaps = _filter.Next(text, ref at, out var judged)) != 0; at += judged)
        {
            for (; perhaps != 0; perhaps &= perhaps - 1)
            {
                var offset = at + BitOperations.TrailingZeroCount(perhaps);
                if ((asked = AskedByOpening(text, offset)) != 0)
                {
                    return offset;
                }
            }
        }

        for (; at < text.Length - (Opening.Length - 1); at++)
        {
            if ((asked = AskedByOpening(text, at)) != 0)
            {
                return at;
            }
        }

        // What follows the last bytes is not known, so that their opening cannot tell.
        for (; at < text.Length; at++)
        {
            if ((asked = Asked(text, at)) != 0)
            {
                return at;
            }
        }

        asked = 0;
        return text.Length;
    }

    private ulong AskedByOpening(ReadOnlySpan<byte> text, int at)
    {
        var groups = _groups[0][text[at]] & _groups[1][text[at + 1]] & _groups[2][text[at + 2]] & _groups[3][text[at + 3]];
        return groups == 0 ? 0 : Asked(text, at) & Members(groups);
    }

    private ulong Asked(ReadOnlySpan<byte> text, int at) => _asked[Row(ByteNeighbours.Of(at > 0 ? text[at - 1] : -1)) + text[at]];

    private ulong Members(ulong groups)
    {
        var members = 0UL;
        for (; groups != 0; groups &= groups - 1)
        {
            members |= _members[BitOperations.TrailingZeroCount(groups)];
        }

        return members;
    }

    // One group for the openings of one detector that start alike: they mostly differ in the bytes that follow.
    private void AddOpenings()
    {
        var openings = Detectors.SelectMany((detector, number) => detector.Openings.Select(opening => (sets: opening.ToSets(), number)));
        var number = 0;
        foreach (var group in openings.GroupBy(o => (o.number, FirstOf(o.sets[0]))))
        {
            var bit = number++ % Groups;
            _members[bit] |= 1UL << group.Key.number;
            foreach (var (sets, _) in group)
            {
                for (var place = 0; place < Opening.Length; place++)
                {
                    for (var value = 0; value < 256; value++)
                    {
                        _groups[place][value] |= sets[place][value] ? 1UL << bit : 0;
                    }
                }
            }
        }
    }

    private bool[][] GroupSets(int group) => [.. _groups.Select(place => place.Select(groups => (groups >> group & 1) != 0).ToArray())];

    private static (int Least, int Greatest) FirstOf(bool[] set) => (Array.IndexOf(set, true), Array.LastIndexOf(set, true));

    // 1, 2, 4 to 0, 1, 2.
    private static int Row(Neighbours before) => ((int)before >> 1) << 8;
}
