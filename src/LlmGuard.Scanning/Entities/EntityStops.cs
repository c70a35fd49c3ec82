using System.Numerics;

namespace LlmGuard.Scanning.Entities;

/// <summary>Goes through a text from one offset at which a detector is to be asked to the next.</summary>
/// <param name="table">The detectors.</param>
/// <param name="text">What is known of the text.</param>
/// <param name="from">The offset to start at.</param>
internal ref struct EntityStops(EntityTable table, ReadOnlySpan<byte> text, int from)
{
    private readonly ReadOnlySpan<byte> _text = text;

    // Offsets from _first on that the filter did not rule out. It looks at the byte before an offset, so that the first one of a text is looked at without it.
    private uint _perhaps = from == 0 && text.Length > 0 ? 1U : 0;
    private int _first = from;
    private int _next = from == 0 ? 1 : from;

    /// <summary>The offset.</summary>
    public int At { get; private set; }

    /// <summary>The detectors to ask there, one bit each, at least one.</summary>
    public ulong Asked { get; private set; }

    /// <summary>Goes on to the next offset; false when there is none.</summary>
    public bool MoveNext()
    {
        do
        {
            for (; _perhaps != 0; _perhaps &= _perhaps - 1)
            {
                if (IsStop(_first + BitOperations.TrailingZeroCount(_perhaps)))
                {
                    _perhaps &= _perhaps - 1;
                    return true;
                }
            }

            _perhaps = table.Filter.Next(_text, ref _next, out var judged);
            _first = _next;
            _next += judged;
        }
        while (_perhaps != 0);

        // Too few bytes follow for the filter. The end of a text that goes on is mostly the middle of a word.
        while (_next < _text.Length)
        {
            var at = _next++;
            if (!table.Filter.IsWithinWord(_text, at) && IsStop(at))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsStop(int at)
    {
        (At, Asked) = (at, table.AskedAt(_text, at));
        return Asked != 0;
    }
}
