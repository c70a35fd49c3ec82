using System.Numerics;
using System.Runtime.CompilerServices;
using LlmGuard.Scanning.Entities.Openings;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Entities;

/// <summary>Runs detectors over a text in one pass: tables tell where which of them is to be asked.</summary>
internal sealed class EntityMatcher(EntityTable table) : IScanMatcher
{
    private readonly long[] _skipUntil = new long[table.Detectors.Length];
    private readonly List<(int Detector, long At, long End)> _skips = [];
    private readonly VainReads _vain = new();
    private readonly ushort[] _offsets = new ushort[EntityStops.Room];
    private KeptOffsets? _kept;
    private SeenText? _seen;
    private bool _hasSkipped;

    public long Steps { get; private set; }

    public void Reset()
    {
        if (_hasSkipped)
        {
            Array.Clear(_skipUntil);
            _skips.Clear();
            _hasSkipped = false;
        }

        _vain.Clear();
        Steps = 0;
    }

    public void CopyFrom(IScanMatcher other)
    {
        var matcher = (EntityMatcher)other;
        matcher._skipUntil.CopyTo(_skipUntil, 0);
        _skips.Clear();
        _skips.AddRange(matcher._skips);
        _hasSkipped = matcher._hasSkipped;
        _vain.CopyFrom(matcher._vain);
    }

    /// <summary>From now on looks through a view of what another has just looked through.</summary>
    /// <param name="view">The view; windows are all that is kept of it.</param>
    /// <param name="first">The one that looks through the text the view is made from, each time before this one.</param>
    public void Follow(ViewText view, EntityMatcher first) => _seen = new SeenText(view, first._kept ??= new KeptOffsets());

    public long Find(in ScanWindow window, List<Candidate> found)
    {
        // Not called for nothing: what its condition captures would be allocated with every piece of a text.
        if (_skips.Count > 0)
        {
            ForgetSkips(window.Origin + window.Context);
        }

        _vain.Forget(window.Origin + window.Context);

        var text = new ScanText(window.Bytes, window.IsEnd);
        var bytes = window.Bytes;
        var from = window.Context;
        var open = UndecidedFrom(ref text, window);
        var undecided = 0UL;
        _kept?.Start(window);
        _seen?.Restart();
        var stops = new EntityStops(table, bytes, window.IsEnd, from, open, _offsets, _kept, _seen);
        while (stops.MoveNext())
        {
            var at = stops.At;

            // Where one match of a detector is undecided, so are all behind it.
            for (var asked = stops.Asked & ~undecided; asked != 0; asked &= asked - 1)
            {
                var number = BitOperations.TrailingZeroCount(asked);
                if (_skipUntil[number] > window.Origin + at)
                {
                    continue;
                }

                var detector = table.Detectors[number];
                text.Steps++;
                if (at == bytes.Length - 1 && !window.IsEnd)
                {
                    // Whatever it says of a sign that nothing is known behind, it would most likely have to be asked again.
                    undecided |= 1UL << number;
                    open = Math.Min(open, detector.EarliestStart(ref text, at, from));
                    continue;
                }

                text.HitEnd = false;
                text.Confidence = Confidence.High;
                text.VainEnd = 0;
                text.IsReadInVain = _vain.AreTooMany(number, window.Origin + at);
                var isMatch = detector.TryMatch(ref text, at, from, out var start, out var end);
                if (text.HitEnd)
                {
                    undecided |= 1UL << number;
                    open = Math.Min(open, detector.EarliestStart(ref text, at, from));
                }
                else
                {
                    if (isMatch)
                    {
                        found.Add(new Candidate(window.Origin + start, window.Origin + end, table.Rules[number], Confidence: text.Confidence));
                        Skip(number, window.Origin + at, window.Origin + end);
                    }

                    // What a match covers is as good as read in vain for those that begin within it.
                    if (text.VainEnd > 0 && (!isMatch || text.VainEnd <= end))
                    {
                        _vain.Add(number, window.Origin + at, window.Origin + text.VainEnd);
                    }
                }
            }
        }

        Steps += text.Steps + stops.Steps;
        return window.Origin + open;
    }

    /// <summary>Passes over what is known of a text that goes on, if no detector is to be asked about it.</summary>
    /// <param name="window">The text, of which something before what is not released is known.</param>
    /// <param name="words">What is known of the words at its end.</param>
    /// <param name="open">Receives the offset before which everything is decided, or a later one within the row that goes on to the end.</param>
    /// <returns>False where one may have to be asked; nothing is changed then.</returns>
    public bool Pass(in ScanWindow window, in PlainWords words, out long open)
    {
        open = 0;
        if (window.Context == 0 || _skips.Count > 0 || _vain.Any)
        {
            return false;
        }

        // No match begins before white space of which the sign comes behind it, so that nobody need say where one would.
        var (until, steps) = (words.Row, 1L);
        if (window.Bytes[until - 1] > ' ')
        {
            until = UndecidedFrom(window, ref steps);
        }

        if (EntityStops.Any(table, window.Bytes, window.Context, until, words.Within, ref steps))
        {
            return false;
        }

        open = window.Origin + until;
        Steps += steps;
        return true;
    }

    /// <summary>
    /// Whether a whole text, of at most <see cref="OpeningTable.LongestPadded"/> bytes, consists of letters and digits and no detector finds anything
    /// in it. Nothing is changed.
    /// </summary>
    /// <param name="row">The text.</param>
    /// <param name="steps">Receives the work.</param>
    [SkipLocalsInit]
    public bool PassRow(ReadOnlySpan<byte> row, out long steps)
    {
        steps = row.Length;
        Span<byte> padded = stackalloc byte[OpeningTable.PaddedRoom];
        OpeningTable.Pad(row, padded);
        if (!PlainBytes.IsRow(padded, row.Length, out var begins))
        {
            return false;
        }

        for (var left = table.AsksWithinWords ? (1UL << row.Length) - 1 : begins; left != 0; left &= left - 1)
        {
            var at = BitOperations.TrailingZeroCount(left);
            var asked = table.AskedInRow(padded, row.Length, at, ref steps);
            if (asked != 0 && IsMatch(row, at, asked, ref steps))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsMatch(ReadOnlySpan<byte> row, int at, ulong asked, ref long steps)
    {
        var text = new ScanText(row, isEnd: true);
        for (; asked != 0; asked &= asked - 1)
        {
            text.Steps++;
            text.Confidence = Confidence.High;
            if (table.Detectors[BitOperations.TrailingZeroCount(asked)].TryMatch(ref text, at, 0, out _, out _))
            {
                return true;
            }
        }

        steps += text.Steps;
        return false;
    }

    /// <summary>
    /// Where a match may begin that is recognised only by what still comes. The text from there on waits in any case, so that nobody is asked about
    /// it until more is known: a word at the end of what has come of an answer is looked at once, with what follows it.
    /// </summary>
    private int UndecidedFrom(ref ScanText text, in ScanWindow window)
    {
        var from = window.Bytes.Length;
        if (!window.IsEnd)
        {
            foreach (var detector in table.EarlyStarters)
            {
                from = Math.Min(from, detector.EarliestStart(ref text, window.Bytes.Length, window.Context));
            }
        }

        return from;
    }

    // Apart: room for what detectors remember would be cleared for every piece of an answer.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int UndecidedFrom(in ScanWindow window, ref long steps)
    {
        var text = new ScanText(window.Bytes, window.IsEnd);
        var from = UndecidedFrom(ref text, window);
        steps += text.Steps;
        return from;
    }

    private void Skip(int number, long at, long end)
    {
        if (table.Detectors[number].SkipsInside)
        {
            _skips.Add((number, at, end));
            _skipUntil[number] = end;
            _hasSkipped = true;
        }
    }

    // Text that was not released is looked at again, so what was passed over because of a match in it is so only once the match is found again.
    private void ForgetSkips(long released)
    {
        for (var i = _skips.Count - 1; i >= 0; i--)
        {
            var (number, at, _) = _skips[i];
            if (at >= released)
            {
                _skipUntil[number] = 0;
            }
        }

        foreach (var (number, at, end) in _skips)
        {
            if (at < released)
            {
                _skipUntil[number] = Math.Max(_skipUntil[number], end);
            }
        }

        var kept = 0;
        for (var i = 0; i < _skips.Count; i++)
        {
            if (_skips[i].At < released && _skips[i].End > released)
            {
                _skips[kept++] = _skips[i];
            }
        }

        _skips.RemoveRange(kept, _skips.Count - kept);
    }
}
