using LlmGuard.Scanning;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>
/// Collects what the rules of one entry find in a content: part by part, and across the parts of joined texts. For one evaluation at a time;
/// keeps offsets between them, no text.
/// </summary>
internal sealed class ModerationFindings(ModerationSettings settings)
{
    private readonly TextScan _scan = new(settings);
    private readonly SeparatedParts _separated = new();
    private readonly List<Candidate> _hits = [];
    private readonly List<ScanSpan> _spans = [];
    private readonly Dictionary<(int Segment, TextSpan Span, int Rule), double> _found = [];
    private readonly Dictionary<int, TextSpan> _last = [];
    private readonly List<(int Segment, TextSpan Span)> _masked = [];

    /// <summary>Whether a text with very many hits has left it too large to be kept.</summary>
    public bool IsOversized =>
        _scan.IsOversized || _hits.Capacity > PatternSearch.LargestKept || _found.Count > PatternSearch.LargestKept
            || _masked.Capacity > PatternSearch.LargestKept;

    /// <summary>How many findings there are.</summary>
    public int Count => _found.Count;

    /// <summary>What is to be masked, in document order. Spans of a text alone do not overlap; those across parts may.</summary>
    public IEnumerable<(int Segment, TextSpan Span)> Masked => _masked.Distinct().OrderBy(m => m.Segment).ThenBy(m => m.Span.Start);

    /// <summary>Forgets what was found.</summary>
    public void Clear()
    {
        _found.Clear();
        _masked.Clear();
    }

    /// <summary>Searches a content.</summary>
    /// <returns>Why it could not be judged, or null.</returns>
    public string? Collect(GuardrailContent content, CancellationToken cancellationToken)
    {
        foreach (var segment in content)
        {
            _hits.Clear();
            if (segment.Payload == PayloadKind.Text && _scan.Find(segment.Utf8.Span, _hits, cancellationToken) is { } failure)
            {
                return failure;
            }

            if (_hits.Count > 0)
            {
                Take(segment);
            }
        }

        var joined = content.JoinedTexts;
        for (var i = 0; i < joined.Count; i++)
        {
            if (CollectAcross(joined[i], cancellationToken) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>The findings in document order, those of one place in the order of the rules.</summary>
    public List<GuardrailFinding> InOrder() =>
    [
        .. _found.OrderBy(f => f.Key.Segment).ThenBy(f => f.Key.Span.Start).ThenBy(f => f.Key.Rule).ThenBy(f => f.Key.Span.Length)
            .Select(f => new GuardrailFinding(settings.Rules[f.Key.Rule].Id, settings.Rules[f.Key.Rule].Type, f.Key.Segment, f.Key.Span, f.Value)),
    ];

    private void Take(Segment segment)
    {
        for (var i = _hits.Count - 1; i >= 0; i--)
        {
            if (!settings.RuleOf(_hits[i].Rule).AppliesTo(segment.Role))
            {
                _hits.RemoveAt(i);
            }
        }

        _hits.Sort();
        _last.Clear();
        foreach (var hit in _hits)
        {
            AddAlone(segment, hit);
        }

        if (settings.Action == ModerationAction.Mask)
        {
            // The same as of a text that arrives in pieces.
            _spans.Clear();
            ScanSession.Settle(_hits, settings.Plan.MaxSpan, 0, 0, segment.Utf8.Length, _spans);
            foreach (var span in _spans)
            {
                if (span.IsTail && _masked.Count > 0 && _masked[^1] is var last && last.Segment == segment.Index && last.Span.End == span.Start)
                {
                    _masked[^1] = (last.Segment, new TextSpan(last.Span.Start, last.Span.Length + span.Length));
                }
                else
                {
                    _masked.Add((segment.Index, new TextSpan(span.Start, span.Length)));
                }
            }
        }
    }

    // One finding for a match that was reported in pieces, and none for what lies within another one of the same rule: the same place, read in
    // another way.
    private void AddAlone(Segment segment, in Candidate hit)
    {
        var (rule, span) = (settings.NumberOf(hit.Rule), new TextSpan((int)hit.Start, (int)(hit.End - hit.Start)));
        if (_last.TryGetValue(rule, out var last))
        {
            if (span.End <= last.End && span != last)
            {
                return;
            }

            if (hit.IsTail && last.End == span.Start)
            {
                _found.Remove((segment.Index, last, rule));
                span = new TextSpan(last.Start, last.Length + span.Length);
            }
        }

        _last[rule] = span;
        Add(segment, span, hit);
    }

    private string? CollectAcross(JoinedText joined, CancellationToken cancellationToken)
    {
        _hits.Clear();
        _separated.Read(joined);
        var failure = _scan.Find(joined.Utf8.Span, _hits, cancellationToken);
        var count = _hits.Count;
        failure ??= _scan.Find(_separated.Utf8, _hits, cancellationToken);
        for (var i = 0; i < _hits.Count; i++)
        {
            var hit = new TextSpan((int)_hits[i].Start, (int)(_hits[i].End - _hits[i].Start));
            var span = i < count ? hit : _separated.ToJoined(hit);
            if (!joined.CrossesParts(span))
            {
                continue;
            }

            foreach (var (segment, piece) in joined.Map(span))
            {
                if (settings.RuleOf(_hits[i].Rule).AppliesTo(segment.Role))
                {
                    Add(segment, piece, _hits[i]);
                    _masked.Add((segment.Index, piece));
                }
            }
        }

        _separated.Clear();
        return failure;
    }

    private void Add(Segment segment, TextSpan span, in Candidate hit)
    {
        var key = (segment.Index, span, settings.NumberOf(hit.Rule));
        _found[key] = Math.Max(hit.Confidence / 100.0, _found.GetValueOrDefault(key));
    }
}
