using LlmGuard.Execution.Edits;
using LlmGuard.Masking;
using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>
/// One step of a text's way out: an entry, or the parallel ones at once, on what the step before let through. What they have decided goes on,
/// with their edits carried out; the rest waits.
/// </summary>
/// <param name="scans">The entries' scans.</param>
/// <param name="masks">What the call masks with.</param>
/// <param name="asked">Gets the entries' edits where others beside them have yet to decide; null where the step carries them out.</param>
internal sealed class SpanStage(List<SpanScan> scans, CallMasks masks, AskedEdits? asked = null) : ITextSink
{
    private readonly SpanScan[] _scans = [.. scans];

    // One entry alone asks for no two edits that overlap.
    private readonly OpenUnion? _union = scans.Count > 1 && asked is null ? new OpenUnion() : null;
    private readonly TextWindow _text = new();
    private readonly List<EditedRun> _runs = [];
    private long _settled;
    private long _seen;
    private long _shift;
    private long _originalEnd;

    /// <summary>Bytes that wait here.</summary>
    public int Held => (int)(_text.End - _settled);

    /// <summary>The entry that stops the text at what is settled, and why; null while none does.</summary>
    public SpanStop? Stop { get; private set; }

    public void Plain(ReadOnlySpan<byte> text)
    {
        _text.Append(text);
        _originalEnd += text.Length;
    }

    public void Edited(ReadOnlySpan<byte> text, long originalStart, int originalLength)
    {
        _runs.Add(new EditedRun(_text.End, text.Length, originalStart, originalLength));
        _text.Append(text);
        _originalEnd = originalStart + originalLength;
    }

    /// <summary>Has the entries look at what has arrived, and hands on what they have decided.</summary>
    public void Advance(bool isEnd, ITextSink next)
    {
        if (Stop is not null || (_text.End == _seen && !isEnd))
        {
            return;
        }

        var newBytes = (int)(_text.End - _seen);
        _seen = _text.End;
        var decided = _text.End;
        foreach (var scan in _scans)
        {
            if (Scan(scan, newBytes, isEnd) is { } failed)
            {
                Stop = failed;
                return;
            }

            decided = Math.Min(decided, scan.Decided);
        }

        if (IsPlain)
        {
            next.Plain(_text.Slice(_settled, decided));
            _settled = decided;
        }
        else
        {
            Decide(decided, next);
        }

        var keep = _settled;
        foreach (var scan in _scans)
        {
            scan.Settle(_settled);
            keep = Math.Min(keep, scan.Released);
        }

        _text.DropBefore(keep - SpanReach.MaxLeft);
    }

    /// <summary>Whether nothing was found in what waits, and nothing stands in the place of another: what is decided goes on as it is.</summary>
    private bool IsPlain
    {
        get
        {
            foreach (var scan in _scans)
            {
                if (scan.Found.Count > 0)
                {
                    return false;
                }
            }

            return _runs.Count == 0 && (_union is null || _union.End <= _settled);
        }
    }

    private void Decide(long decided, ITextSink next)
    {
        decided = FirstBlock(decided);
        if (asked is null)
        {
            var uncrossed = Uncrossed(decided);
            Settle(_union is not null && uncrossed < decided ? Cut(uncrossed, decided) : uncrossed, next);
        }
        else
        {
            Ask(asked, decided, next);
        }
    }

    private SpanStop? Scan(SpanScan scan, int newBytes, bool isEnd)
    {
        try
        {
            var problem = scan.Advance(_text, newBytes, isEnd) ?? (scan.Record.HasTooMany ? FailureReasons.LimitExceeded : null);
            return problem is null ? null : new SpanStop(scan.Entry, FailureClass.Input, problem, null);
        }
        catch (Exception exception)
        {
            // A plugin's exception is that entry's failure, whatever it is.
            return new SpanStop(scan.Entry, FailureClass.Input, FailureReasons.Exception, exception.GetType().FullName);
        }
    }

    /// <summary>Where the first span begins that must not pass; the text stops there.</summary>
    private long FirstBlock(long decided)
    {
        foreach (var scan in _scans)
        {
            foreach (var found in scan.Found)
            {
                if (found.Replacement is null && scan.Origin + found.Span.Start < decided)
                {
                    decided = scan.Origin + found.Span.Start;
                    Stop = new SpanStop(scan.Entry, null, null, null) { Refusal = found.Refusal };
                }
            }
        }

        return decided;
    }

    /// <summary>The last offset up to the given one that cuts no edit, earlier or own: an edit goes on whole or waits whole.</summary>
    private long Uncrossed(long decided)
    {
        for (var before = long.MaxValue; decided < before;)
        {
            before = decided;
            decided = _union?.End > decided ? _settled : decided;
            foreach (var run in _runs)
            {
                decided = run.Start < decided && run.End > decided ? run.Start : decided;
            }

            foreach (var scan in _scans)
            {
                foreach (var found in scan.Found)
                {
                    var start = scan.Origin + found.Span.Start;
                    decided = start < decided && start + found.Span.Length > decided ? start : decided;
                }
            }
        }

        return Math.Max(decided, _settled);
    }

    /// <summary>Where the text is cut: behind what is not crossed, or in a union that is longer than it may be.</summary>
    private long Cut(long uncrossed, long decided)
    {
        if (decided - uncrossed <= EditMerge.LongestUnion && _union!.End <= _settled)
        {
            return uncrossed;
        }

        var at = decided;
        foreach (var run in _runs)
        {
            at = run.Start < decided && run.End > decided ? run.Start : at;
        }

        return at > uncrossed && _union!.MayCut(Edits(at) ?? [], _settled, at) ? at : uncrossed;
    }

    private void Ask(AskedEdits asked, long decided, ITextSink next)
    {
        foreach (var scan in _scans)
        {
            foreach (var found in scan.Found)
            {
                var start = scan.Origin + found.Span.Start;
                if (start >= _settled && start < decided && found.Replacement is { } replacement)
                {
                    asked.Add(scan.Entry, start, found.Span.Length, replacement);
                }
            }
        }

        next.Plain(_text.Slice(_settled, decided));
        _settled = decided;
    }

    private void Settle(long until, ITextSink next)
    {
        if (until == _settled && !HasEmptyRunAt(until))
        {
            return;
        }

        var edits = Merged(until);
        var at = _settled;
        var (run, edit) = (0, 0);
        while (true)
        {
            var runStart = run < _runs.Count && _runs[run].End <= until ? _runs[run].Start : long.MaxValue;
            var editStart = edit < edits.Length ? _settled + edits[edit].Span.Start : long.MaxValue;
            var start = Math.Min(runStart, editStart);
            if (start == long.MaxValue)
            {
                break;
            }

            next.Plain(_text.Slice(at, start));
            at = start;
            TakeGroup(edits, ref run, ref edit, ref at, next);
        }

        next.Plain(_text.Slice(at, until));
        _runs.RemoveRange(0, run);
        _settled = until;
    }

    // What an earlier step removed goes on as soon as what stands before it has.
    private bool HasEmptyRunAt(long offset) => _runs.Count > 0 && _runs[0].Start == offset && _runs[0].Length == 0;

    /// <summary>Hands on the edit that begins at an offset, together with all that overlap it: as one edit of the upstream's text.</summary>
    private void TakeGroup(MergedEdit[] edits, ref int run, ref int edit, ref long at, ITextSink next)
    {
        var (start, end, first) = (at, at, edit);
        var originalStart = start - _shift;
        var isFirst = true;
        while (true)
        {
            if (run < _runs.Count && (_runs[run].Start < end || (isFirst && _runs[run].Start == end)))
            {
                end = Math.Max(end, _runs[run].End);
                _shift += _runs[run++].Growth;
            }
            else if (edit < edits.Length && (_settled + edits[edit].Span.Start < end || (isFirst && _settled + edits[edit].Span.Start == end)))
            {
                end = Math.Max(end, _settled + edits[edit++].Span.End);
            }
            else
            {
                break;
            }

            isFirst = false;
        }

        var originalLength = (int)(end - _shift - originalStart);
        if (first == edit)
        {
            next.Edited(_text.Slice(start, end), originalStart, originalLength);
        }
        else
        {
            next.Edited(Replaced(start, end, edits.AsSpan(first, edit - first)), originalStart, originalLength);
        }

        at = end;
    }

    private byte[] Replaced(long start, long end, ReadOnlySpan<MergedEdit> edits)
    {
        using var text = new MemoryStream();
        foreach (ref readonly var edit in edits)
        {
            var (from, to) = (_settled + edit.Span.Start, _settled + edit.Span.End);
            text.Write(_text.Slice(start, from));
            text.Write(EditRendering.Render(edit, _text.Slice(from, to), masks));
            start = to;
        }

        text.Write(_text.Slice(start, end));
        return text.ToArray();
    }

    /// <summary>The entries' own edits up to an offset, counted from what is settled; overlapping ones of parallel entries have become one.</summary>
    private MergedEdit[] Merged(long until)
    {
        var edits = Edits(until);
        return _union is not null ? _union.Take(edits ?? [], _settled, until) : edits is null ? [] : EditMerge.Merge(edits);
    }

    /// <summary>The entries' own edits that begin before an offset, counted from what is settled; null for none.</summary>
    private List<SegmentEdit>? Edits(long before)
    {
        List<SegmentEdit>? edits = null;
        foreach (var scan in _scans)
        {
            foreach (var found in scan.Found)
            {
                var start = scan.Origin + found.Span.Start;
                if (found.Replacement is { } replacement && start >= _settled && start < before)
                {
                    (edits ??= []).Add(new SegmentEdit(0, new TextSpan((int)(start - _settled), found.Span.Length), replacement));
                }
            }
        }

        return edits;
    }
}

/// <summary>Why a text does not go on: an entry blocks what stands there, or has failed.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Class">The failure's class; null when the entry blocks.</param>
/// <param name="Reason">The failure's reason.</param>
/// <param name="ExceptionType">What the entry threw, or null.</param>
internal sealed record SpanStop(PlanEntry Entry, FailureClass? Class, string? Reason, string? ExceptionType)
{
    /// <summary>What the caller is told when the entry blocks; null for the plugin's default.</summary>
    public GuardrailRefusal? Refusal { get; init; }
}
