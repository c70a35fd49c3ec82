using LlmGuard.Plugins.DataMasking.Masks;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>Collects what is found in the segments of one call at a time, and the edits for it.</summary>
internal sealed class ContentMasking(MaskingRules rules)
{

    private static readonly GuardrailRefusal Refusal = new() { Message = "The content holds data that must not pass.", Reason = "data_blocked" };

    private readonly List<ScanSpan> _spans = [];
    private ScanSession? _session;
    private int _maxFindings;
    private List<GuardrailFinding>? _findings;
    private List<SegmentEdit>? _edits;
    private JoinedEdits? _joinedEdits;
    private bool _isNotApplicable;
    private bool _isBlocked;

    // One more than allowed is enough to know; what a hostile text could make of the rest would only cost memory.
    private bool HasTooMany => _findings?.Count > _maxFindings;

    /// <summary>Whether a text with very many finds has left it too large to be kept.</summary>
    public bool IsOversized => _spans.Capacity > PatternSearch.LargestKept;

    /// <summary>Begins with a call.</summary>
    /// <param name="session">What scans its texts.</param>
    /// <param name="maxFindings">Most findings of the call.</param>
    public void Begin(ScanSession session, int maxFindings) => (_session, _maxFindings) = (session, maxFindings);

    /// <summary>Forgets the call. What its verdict was made of is the verdict's.</summary>
    public void Clear()
    {
        _spans.Clear();
        (_session, _findings, _edits, _joinedEdits) = (null, null, null, null);
        (_isNotApplicable, _isBlocked) = (false, false);
    }

    /// <summary>Scans a segment.</summary>
    /// <remarks>
    /// What stands in an identifier is only flagged: a provider or client made it up to name a model, a call or a response, random letters look
    /// like anything, no model reads them, and masking them would break the call.
    /// </remarks>
    public void Take(Segment segment)
    {
        if (segment.Payload != PayloadKind.Text || HasTooMany)
        {
            return;
        }

        var utf8 = segment.Utf8;
        _session!.Scan(utf8.Span, _spans);
        foreach (var span in _spans)
        {
            if (HasTooMany)
            {
                return;
            }

            if (rules.Of(span, utf8.Span) is { } rule)
            {
                Take(segment, rule, span);
            }
        }

        if (_spans.Count > 0 && segment.Editability.Scope == EditScope.WholeValue)
        {
            TakeWhole(segment, utf8.Span);
        }
    }

    /// <summary>Scans parts that are read as one text, for what no single part holds.</summary>
    public void Take(JoinedText joined)
    {
        if (HasTooMany)
        {
            return;
        }

        _session!.Scan(joined.Utf8.Span, _spans);
        foreach (var span in _spans)
        {
            var found = new TextSpan(span.Start, span.Length);
            if (!joined.CrossesParts(found) || rules.Of(span, joined.Utf8.Span) is not { } rule)
            {
                continue;
            }

            var (isFirst, isMasked) = (true, false);
            foreach (var (segment, piece) in joined.Map(found))
            {
                if (isFirst)
                {
                    (_findings ??= []).Add(Finding(rule, span, segment.Index, piece));
                }

                isFirst = false;
                if (segment.Editability == Editability.Identifier || rule.Action == MaskAction.Flag)
                {
                    continue;
                }

                var replacement = rule.ForPiece(span, isMasked);
                _isBlocked |= replacement is null;
                _isNotApplicable |= replacement is not null && segment.Editability.Scope != EditScope.Span;
                if (replacement is not null)
                {
                    (_joinedEdits ??= new JoinedEdits(_edits ?? [])).Add(new SegmentEdit(segment.Index, piece, replacement));
                }

                isMasked = true;
            }
        }
    }

    /// <summary>The verdict on everything that was taken.</summary>
    public GuardrailVerdict ToVerdict()
    {
        if (HasTooMany)
        {
            return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.LimitExceeded);
        }

        if (_isBlocked)
        {
            return GuardrailVerdict.Block(Refusal, _findings!);
        }

        if (_isNotApplicable)
        {
            return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable);
        }

        IReadOnlyList<SegmentEdit>? edits = _joinedEdits?.ToList() ?? _edits;
        return edits is not null ? GuardrailVerdict.Modify(edits, _findings!)
            : _findings is not null ? GuardrailVerdict.Flag(_findings)
            : GuardrailVerdict.Allow;
    }

    private void Take(Segment segment, MaskingRule rule, in ScanSpan span)
    {
        var found = new TextSpan(span.Start, span.Length);
        (_findings ??= []).Add(Finding(rule, span, segment.Index, found));
        if (rule.Action == MaskAction.Flag || segment.Editability == Editability.Identifier)
        {
            return;
        }

        if (rule.For(span) is not { } replacement)
        {
            _isBlocked = true;
        }
        else if (segment.Editability.Scope == EditScope.Span)
        {
            (_edits ??= []).Add(new SegmentEdit(segment.Index, found, replacement));
        }
        else
        {
            _isNotApplicable |= segment.Editability.Scope == EditScope.None;
        }
    }

    // A number has no inside to edit: whatever of it was found, it goes as a whole.
    private void TakeWhole(Segment segment, ReadOnlySpan<byte> text)
    {
        ScanSpan? strictest = null;
        foreach (var span in _spans)
        {
            if (rules.Of(span, text) is { Action: not (MaskAction.Flag or MaskAction.Block) }
                && (strictest is null || span.Rule < strictest.Value.Rule))
            {
                strictest = span;
            }
        }

        if (strictest is { } found && rules.Rules[found.Rule].For(
            found with { IsUnion = found.IsUnion || _spans.Count > 1 || found.Length != text.Length }) is { } replacement)
        {
            (_edits ??= []).Add(new SegmentEdit(segment.Index, new TextSpan(0, text.Length), replacement));
        }
    }

    private static GuardrailFinding Finding(MaskingRule rule, in ScanSpan span, int segment, TextSpan found) =>
        new(rule.Id, rule.Type, segment, found, span.Confidence / 100.0);
}
