using LlmGuard.Scanning.Entities.Secrets.Keys;

namespace LlmGuard.Scanning.Entities;

/// <summary>
/// Remembers long reads that led to no sure match. What is read in vain skips nothing, so that in a row of characters that holds the beginning of a
/// credential again and again each would be read to the end of the row.
/// </summary>
/// <remarks>
/// The answers depend on the text alone, not on how it was cut: reads that begin in text that was not released are forgotten and made again.
/// </remarks>
internal sealed class VainReads
{
    /// <summary>Most long reads over one offset: more beginnings than anybody writes within a credential.</summary>
    public const int Most = 4;

    private readonly List<(int Detector, long At, long End)> _reads = [];

    /// <summary>Whether any is remembered.</summary>
    public bool Any => _reads.Count > 0;

    /// <summary>Forgets all of them.</summary>
    public void Clear() => _reads.Clear();

    /// <summary>Remembers what another does.</summary>
    public void CopyFrom(VainReads other)
    {
        _reads.Clear();
        _reads.AddRange(other._reads);
    }

    /// <summary>Remembers a read.</summary>
    /// <param name="detector">Who read.</param>
    /// <param name="at">Where it began, in the text.</param>
    /// <param name="end">Where it ended.</param>
    public void Add(int detector, long at, long end) => _reads.Add((detector, at, end));

    /// <summary>Whether as many as are allowed go over an offset.</summary>
    public bool AreTooMany(int detector, long at)
    {
        var count = 0;
        for (var i = _reads.Count - 1; i >= 0 && _reads[i].At + KeyDetector.Longest > at; i--)
        {
            count += _reads[i].Detector == detector && _reads[i].End > at ? 1 : 0;
        }

        return count >= Most;
    }

    /// <summary>Forgets those that begin in text that is looked at again, and those that end before.</summary>
    /// <param name="released">Where the text begins that is looked at again.</param>
    public void Forget(long released)
    {
        var kept = 0;
        for (var i = 0; i < _reads.Count; i++)
        {
            if (_reads[i].At < released && _reads[i].End > released)
            {
                _reads[kept++] = _reads[i];
            }
        }

        _reads.RemoveRange(kept, _reads.Count - kept);
    }
}
