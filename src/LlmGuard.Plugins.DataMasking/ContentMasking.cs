using LlmGuard.Scanning;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>Collects what is found in the segments of one call, and the edits for it.</summary>
internal sealed class ContentMasking(MaskingRules rules, ScanSession session, int maxFindings)
{
    private readonly List<ScanSpan> _spans = [];
    private List<GuardrailFinding>? _findings;
    private List<SegmentEdit>? _edits;
    private JoinedEdits? _joinedEdits;
    private bool _isNotApplicable;

    // One more than allowed is enough to know; what a hostile text could make of the rest would only cost memory.
    private bool HasTooMany => _findings?.Count > maxFindings;

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
        session.Scan(utf8.Span, _spans);
        foreach (var span in _spans)
        {
            if (HasTooMany)
            {
                return;
            }

            var rule = rules.Rules[span.Rule];
            var found = new TextSpan(span.Start, span.Length);
            (_findings ??= []).Add(new GuardrailFinding(rule.Id, rule.Type, segment.Index, found));
            switch (segment.Editability.Scope)
            {
                case EditScope.Span:
                    (_edits ??= []).Add(new SegmentEdit(segment.Index, found, rule.For(span.IsUnion, span.IsTail)));
                    break;
                case EditScope.None:
                    _isNotApplicable |= segment.Editability != Editability.Identifier;
                    break;
            }
        }

        if (_spans.Count > 0 && segment.Editability.Scope == EditScope.WholeValue)
        {
            TakeWhole(segment, utf8.Length);
        }
    }

    /// <summary>Scans parts that are read as one text, for what no single part holds.</summary>
    public void Take(JoinedText joined)
    {
        if (HasTooMany)
        {
            return;
        }

        session.Scan(joined.Utf8.Span, _spans);
        foreach (var span in _spans)
        {
            var found = new TextSpan(span.Start, span.Length);
            if (!joined.CrossesParts(found))
            {
                continue;
            }

            var rule = rules.Rules[span.Rule];
            var (isFirst, isMasked) = (true, false);
            foreach (var (segment, piece) in joined.Map(found))
            {
                if (isFirst)
                {
                    (_findings ??= []).Add(new GuardrailFinding(rule.Id, rule.Type, segment.Index, piece));
                }

                isFirst = false;
                if (segment.Editability == Editability.Identifier)
                {
                    continue;
                }

                _isNotApplicable |= segment.Editability.Scope != EditScope.Span;
                (_joinedEdits ??= new JoinedEdits(_edits ?? [])).Add(new SegmentEdit(segment.Index, piece, rule.For(span.IsUnion, span.IsTail || isMasked)));
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

        if (_isNotApplicable)
        {
            return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable);
        }

        IReadOnlyList<SegmentEdit>? edits = _joinedEdits?.ToList() ?? _edits;
        return edits is not null ? GuardrailVerdict.Modify(edits, _findings!)
            : _findings is not null ? GuardrailVerdict.Flag(_findings)
            : GuardrailVerdict.Allow;
    }

    // A number has no inside to edit: whatever of it was found, it goes as a whole.
    private void TakeWhole(Segment segment, int length)
    {
        var strongest = _spans.MinBy(s => s.Rule);
        var isPart = _spans.Count > 1 || strongest.Length != length;
        (_edits ??= []).Add(new SegmentEdit(segment.Index, new TextSpan(0, length), rules.Rules[strongest.Rule].For(isPart || strongest.IsUnion, isTail: false)));
    }
}
