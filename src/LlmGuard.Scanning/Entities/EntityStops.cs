using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Scanning.Entities.Openings;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Entities;

/// <summary>Goes through a text from one offset at which a detector is to be asked to the next.</summary>
/// <remarks>
/// What is left of a text becomes less in steps, and each takes many offsets at a time and has no branch that depends on them, because guessing wrong
/// is what costs: the filter, a look at the bytes there by tables, and only then the question which detectors are to be asked.
/// </remarks>
internal ref struct EntityStops
{
    /// <summary>Offsets that there has to be memory for.</summary>
    public const int Room = (Vectors * 64) + OffsetBits.Slack;

    // Vectors that are looked at before anything found in them is.
    private const int Vectors = 8;

    // Vectors of a short piece.
    private const int Few = 2;

    // Offsets, of a word and the space behind it, that are sooner looked at one by one.
    private const int OfWord = 12;

    private readonly EntityTable _table;
    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _isEnd;
    private readonly int _until;
    private readonly KeptOffsets? _kept;
    private readonly SeenText? _seen;

    // Offsets from _begin on at which a detector may have to be asked.
    private readonly ushort[] _offsets;
    private int _begin;
    private int _index;
    private int _count;

    // The first offset of which nothing is known.
    private int _next;

    private long _steps;

    /// <param name="table">The detectors.</param>
    /// <param name="text">What is known of the text.</param>
    /// <param name="isEnd">Whether it ends there.</param>
    /// <param name="from">The offset to start at.</param>
    /// <param name="until">The offset to end before; the length of the text unless nothing that is recognised from there on would count.</param>
    /// <param name="offsets">Memory to work with, of <see cref="Room"/> offsets. Of its own it would be cleared for every piece of a stream.</param>
    /// <param name="kept">Receives the offsets that are left before a detector is thought of, but for the first and the last few; or null.</param>
    /// <param name="seen">What need not be judged again, or null.</param>
    public EntityStops(
        EntityTable table,
        ReadOnlySpan<byte> text,
        bool isEnd,
        int from,
        int until,
        ushort[] offsets,
        KeptOffsets? kept = null,
        SeenText? seen = null)
    {
        _table = table;
        _text = text;
        _isEnd = isEnd;
        _until = until;
        _offsets = offsets;
        (_kept, _seen) = (kept, seen);
        (_begin, _index, _count, _next, _steps) = (from, 0, 0, from, 0);

        // The filter looks at the byte before an offset, so that the first one of a text is looked at without it.
        if (from == 0 && until > 0)
        {
            _offsets[0] = 0;
            (_count, _next) = (1, 1);
        }
    }

    /// <summary>Offsets, openings and conditions that were looked at one by one.</summary>
    public readonly long Steps => _steps;

    /// <summary>The offset.</summary>
    public int At { get; private set; }

    /// <summary>The detectors to ask there, one bit each, at least one.</summary>
    public ulong Asked { get; private set; }

    /// <summary>Goes on to the next offset; false when there is none.</summary>
    public bool MoveNext()
    {
        do
        {
            while (_index < _count)
            {
                At = _begin + _offsets[_index++];
                Asked = _table.AskedAt(_text, _isEnd, At, ref _steps);
                if (Asked != 0)
                {
                    _kept?.AddAsked(At);
                    return true;
                }
            }
        }
        while (GoOn());

        // Too few bytes follow for an opening.
        while (_next < _until)
        {
            At = _next++;
            if (!_isEnd && At > 0 && !_table.MayBeAsked(_text, At))
            {
                continue;
            }

            Asked = _table.AskedAt(_text, _isEnd, At, ref _steps);
            if (Asked != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a detector is to be asked in a short piece of a text that goes on. Says "yes" of what is no short one.</summary>
    /// <param name="table">The detectors.</param>
    /// <param name="text">What is known of the text.</param>
    /// <param name="from">The offset to start at, at least 1.</param>
    /// <param name="until">The offset to end before.</param>
    /// <param name="within">Which of the last 64 bytes are letters behind letters, one bit each, as far as that is known.</param>
    /// <param name="steps">Is raised by the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(EntityTable table, ReadOnlySpan<byte> text, int from, int until, ulong within, ref long steps)
    {
        var told = text.Length - PlainWords.Told;
        return until - from <= OfWord && told >= 0 && from >= told
            ? from < until && AnyOfWords(table, text, from, until, table.AsksWithinWords ? 0 : within, ref steps)
            : AnyOfMore(table, text, from, until, ref steps);
    }

    private static bool AnyOfWords(EntityTable table, ReadOnlySpan<byte> text, int from, int until, ulong within, ref long steps)
    {
        var told = text.Length - PlainWords.Told;
        for (var left = ~within & (ulong.MaxValue << (from - told)) & (ulong.MaxValue >> (text.Length - until)); left != 0; left &= left - 1)
        {
            var at = told + BitOperations.TrailingZeroCount(left);
            steps++;
            if (table.MayBeAsked(text, at) && table.AskedAt(text, isEnd: false, at, ref steps) != 0)
            {
                return true;
            }
        }

        return false;
    }

    // Apart: room for vectors would be made ready for every word.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool AnyOfMore(EntityTable table, ReadOnlySpan<byte> text, int from, int until, ref long steps)
    {
        var filtered = Math.Min(until, text.Length - Opening.Length + 1);
        if (filtered - from <= OfWord)
        {
            for (; from < filtered; from++)
            {
                if (table.MayBeAsked(text, from) && table.AskedAt(text, isEnd: false, from, ref steps) != 0)
                {
                    return true;
                }
            }
        }
        else
        {
            var next = from;
            Span<ulong> perhaps = stackalloc ulong[Few];
            var vectors = table.Filter.Fill(text, ref next, filtered - from <= 32 ? perhaps[..1] : perhaps, out var stride);
            if (next < filtered)
            {
                return true;
            }

            for (var vector = 0; vector < vectors; vector++)
            {
                for (var left = perhaps[vector]; left != 0; left &= left - 1)
                {
                    var at = from + (vector * stride) + BitOperations.TrailingZeroCount(left);
                    if (at < filtered && table.AskedAt(text, isEnd: false, at, ref steps) != 0)
                    {
                        return true;
                    }
                }
            }

            from = filtered;
        }

        for (; from < until; from++)
        {
            if (table.MayBeAsked(text, from) && table.AskedAt(text, isEnd: false, from, ref steps) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool GoOn()
    {
        (_index, _count) = (0, 0);

        // Also where what is not judged again reaches further: it would be passed, and taken back to the end, for ever.
        if (_next >= _until || _next > _text.Length - Opening.Length)
        {
            return false;
        }

        Span<ulong> perhaps = stackalloc ulong[Vectors];
        _begin = _next;
        var stride = 64;
        var isSeen = _seen is not null && _seen.Holds(_next);
        var vectors = isSeen ? _seen!.Fill(ref _next, perhaps) : Fill(perhaps, out stride);
        if (vectors == 0)
        {
            return false;
        }

        var count = OffsetBits.Write(perhaps[..vectors], stride, ref MemoryMarshal.GetArrayDataReference(_offsets));
        _count = isSeen ? count : _table.Keep(_text, _begin, _offsets.AsSpan(0, count));
        while (_count > 0 && _begin + _offsets[_count - 1] >= _until)
        {
            _count--;
        }

        _next = Math.Min(_next, _until);
        _kept?.Add(_begin, _offsets.AsSpan(0, _count), _next);
        return true;
    }

    private int Fill(scoped Span<ulong> perhaps, out int stride)
    {
        if (_seen is not null)
        {
            // No further than to what need not be judged.
            perhaps = perhaps[..Math.Clamp(((_seen.Start - _next) / WideOpeningTables.Judged) + 1, 1, perhaps.Length)];
        }

        // No further than what is asked for: the known text behind it may be longer, and is judged once it is.
        perhaps = perhaps[..Math.Min(perhaps.Length, ((_until - _next - 1) / WideOpeningTables.Judged) + 1)];
        var vectors = _table.Filter.Fill(_text, ref _next, perhaps, out stride);
        return vectors > 0 ? vectors : _table.Filter.FillRest(_text, ref _next, perhaps, out stride);
    }
}
