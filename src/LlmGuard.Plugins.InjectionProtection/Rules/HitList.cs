using LlmGuard.Plugins.InjectionProtection.Settings;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Plugins.InjectionProtection.Rules;

/// <summary>What the rules found in one reading of a text. The first hits of each rule are kept; more would tell nothing new.</summary>
internal sealed class HitList
{
    /// <summary>Most hits of one text that are kept.</summary>
    public const int Most = 256;

    // One letter in so many is spelt otherwise where it is meant.
    private const int LeastChanged = 40;

    private readonly List<RuleHit> _hits = [];

    public IReadOnlyList<RuleHit> Hits => _hits;

    /// <summary>
    /// Steps that were taken to find them: bytes and tokens looked at, however often. The measure of work that tests hold to a linear bound.
    /// </summary>
    public long Steps { get; set; }

    /// <summary>Whether hits were left out, so that what is left of a text after their removal may hold more.</summary>
    public bool IsFull => _hits.Count >= Most;

    public void Add(InjectionRule rule, int start, int end)
    {
        if (!IsFull && end > start)
        {
            _hits.Add(new RuleHit(rule, start, end));
        }
    }

    /// <summary>Whether there are hits of some types from an index on.</summary>
    public bool HasAny(int first, TypeSet types)
    {
        for (var i = first; i < _hits.Count; i++)
        {
            if (types.Covers(_hits[i].Rule.Type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives the hits from an index on the offsets of the text that was folded.</summary>
    public void Map(int first, FoldedText folded)
    {
        for (var i = first; i < _hits.Count; i++)
        {
            var (start, length) = folded.ToOriginal(_hits[i].Start, _hits[i].End - _hits[i].Start);
            _hits[i] = _hits[i] with { Start = start, End = start + length };
        }
    }

    /// <summary>Gives the hits from an index on the offsets of the text that a part of was judged.</summary>
    public void Move(int first, int by)
    {
        for (var i = first; i < _hits.Count; i++)
        {
            _hits[i] = _hits[i] with { Start = _hits[i].Start + by, End = _hits[i].End + by };
        }
    }

    /// <summary>Lets the hits from an index on cover a whole text.</summary>
    public void Cover(int first, int length) => Cover(first, 0, length);

    /// <summary>Lets the hits from an index on cover a part of a text.</summary>
    public void Cover(int first, int start, int end)
    {
        for (var i = first; i < _hits.Count; i++)
        {
            _hits[i] = _hits[i] with { Start = start, End = end };
        }
    }

    /// <summary>
    /// Takes out the hits from an index on in words of which another reading of as many bytes has all but a few letters: they are found there, or
    /// said too far apart to be spelt so.
    /// </summary>
    public void DropUnchanged(int first, ReadOnlySpan<byte> other, ReadOnlySpan<byte> reading)
    {
        for (var i = _hits.Count - 1; i >= first; i--)
        {
            var changed = 0;
            for (var at = _hits[i].Start; at < _hits[i].End; at++)
            {
                changed += other[at] != reading[at] ? 1 : 0;
            }

            if (changed * LeastChanged < _hits[i].End - _hits[i].Start)
            {
                _hits.RemoveAt(i);
            }
        }
    }

    /// <summary>Whether a hit from an index on has bytes in common with another one.</summary>
    public bool HasOver(int first, in RuleHit hit)
    {
        for (var i = first; i < _hits.Count; i++)
        {
            if (_hits[i].Start < hit.End && hit.Start < _hits[i].End)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out a hit.</summary>
    public void Remove(int index) => _hits.RemoveAt(index);

    /// <summary>Takes out the hits from an index on.</summary>
    public void Drop(int first) => _hits.RemoveRange(first, _hits.Count - first);

    public void Clear() => _hits.Clear();
}
