using System.Runtime.InteropServices;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Masking;
using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>One entry's scan of one text, and what it found that is not settled yet.</summary>
/// <param name="entry">The entry.</param>
/// <param name="scanner">Its scanner.</param>
/// <param name="editability">Whether the text may be edited.</param>
/// <param name="record">Told about what is found, and what comes of it.</param>
/// <param name="vault">The vault whose placeholders it leaves as they are; null when there are none.</param>
internal sealed class SpanScan(PlanEntry entry, ISpanScanner scanner, Editability editability, EntryRecord record, MaskVault? vault)
{
    private readonly List<SpanEdit> _reported = [];
    private int _certain;

    public PlanEntry Entry => entry;

    public EntryRecord Record => record;

    /// <summary>Offset up to which the scanner has decided.</summary>
    public long Released { get; private set; }

    /// <summary>Offset up to which it is known what becomes of what the scanner found.</summary>
    public long Decided { get; private set; }

    /// <summary>
    /// What was found and is not settled, ascending; for certain only up to <see cref="Decided"/>. The spans count from <see cref="Origin"/>.
    /// </summary>
    public List<SpanEdit> Found { get; } = [];

    /// <summary>Offset in the text that the spans of <see cref="Found"/> count from.</summary>
    public long Origin { get; private set; }

    /// <summary>Scans what has arrived.</summary>
    /// <param name="text">The text, with enough of what was released before.</param>
    /// <param name="newBytes">How many bytes at its end the scanner has not seen.</param>
    /// <param name="isEnd">Whether the text ends here.</param>
    /// <returns>Why the scan cannot be relied on, or null.</returns>
    public string? Advance(TextWindow text, int newBytes, bool isEnd)
    {
        var from = Math.Max(text.Start, Released - SpanReach.MaxLeft);
        var pending = text.Slice(from, text.End);
        while (pending.Length > 0 && from < Released && (pending[0] & 0xC0) == 0x80)
        {
            // Context is not cut inside a code point either.
            pending = pending[1..];
            from++;
        }

        _reported.Clear();
        var context = (int)(Released - from);
        var decided = scanner.Advance(pending, context, newBytes, isEnd, _reported);
        if (decided < context || decided > pending.Length || (isEnd && decided != pending.Length) || EditRules.CutsCodePoint(pending, decided))
        {
            return FailureReasons.InvalidVerdict;
        }

        if (_reported.Count > 0 && TakeReported(pending[..decided], context, from) is { } problem)
        {
            return problem;
        }

        Released = from + decided;
        Decided = vault is null ? Released : LeavePlaceholders(vault, pending, from, isEnd);
        return null;
    }

    /// <summary>Forgets what was found before an offset, where all of it is an edit: what blocks stops the text before it.</summary>
    public void Settle(long settled)
    {
        if (Found.Count == 0)
        {
            Origin = settled;
            return;
        }

        // Ascending, so those that are settled come first.
        var count = 0;
        while (count < Found.Count && Origin + Found[count].Span.End <= settled)
        {
            record.Modify();
            count++;
        }

        Found.RemoveRange(0, count);
        _certain -= Math.Min(_certain, count);
    }

    /// <summary>
    /// Forgets edits inside of a placeholder: it stands for nothing but itself, and cut to pieces it could not be restored. Gives the offset up to
    /// which it is known which those are.
    /// </summary>
    private long LeavePlaceholders(MaskVault issued, ReadOnlySpan<byte> pending, long from, bool isEnd)
    {
        while (_certain < Found.Count)
        {
            var found = Found[_certain];
            var start = Origin + found.Span.Start;
            var isInside = found.Replacement is null
                ? false
                : issued.HasIssuedAround(pending, found.Span with { Start = (int)(start - from) });
            if (isInside is null && !isEnd)
            {
                return start;
            }

            if (isInside == true)
            {
                record.Modify();
                Found.RemoveAt(_certain);
            }
            else
            {
                _certain++;
            }
        }

        return Released;
    }

    private string? TakeReported(ReadOnlySpan<byte> decided, int context, long from)
    {
        var free = context;
        foreach (ref readonly var edit in CollectionsMarshal.AsSpan(_reported))
        {
            if (edit.Span.Start < free || edit.Span.Length <= 0 || edit.Span.Length > decided.Length - edit.Span.Start
                || EditRules.CutsCodePoint(decided, edit.Span.Start) || EditRules.CutsCodePoint(decided, edit.Span.End))
            {
                return FailureReasons.InvalidEdit;
            }

            free = edit.Span.End;
            if (Take(edit, from) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? Take(in SpanEdit edit, long from)
    {
        var start = from + edit.Span.Start;
        record.Find(new GuardrailFinding(edit.Rule, edit.Type, -1,
            new TextSpan((int)Math.Min(start, int.MaxValue), edit.Span.Length), edit.Confidence));
        if (edit.IsFinding)
        {
            return null;
        }

        if (edit.Replacement is not null)
        {
            if (!entry.Plugin.Rewrites)
            {
                return FailureReasons.InvalidEdit;
            }

            if (editability.Scope == EditScope.None)
            {
                return editability == Editability.Identifier ? null : FailureReasons.MaskNotApplicable;
            }
        }

        Found.Add(edit with { Span = new TextSpan((int)(start - Origin), edit.Span.Length) });
        return null;
    }
}
