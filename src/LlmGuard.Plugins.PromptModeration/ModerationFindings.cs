namespace LlmGuard.Plugins.PromptModeration;

/// <summary>
/// Collects what the rules of one entry find in a content: part by part, and across the parts of joined texts. For one evaluation at a time;
/// keeps offsets between them, no text.
/// </summary>
internal sealed class ModerationFindings(ModerationSettings settings)
{
    private const int LargestKept = 4096;

    private readonly TextScan _scan = new(settings);
    private readonly SeparatedParts _separated = new();
    private readonly List<TextHit> _hits = [];
    private readonly Dictionary<(int Segment, TextSpan Span, int Rule), double> _found = [];

    /// <summary>Whether a text with very many hits has left it too large to be kept.</summary>
    public bool IsOversized => _scan.IsOversized || _hits.Capacity > LargestKept || _found.Count > LargestKept;

    /// <summary>How many findings there are.</summary>
    public int Count => _found.Count;

    /// <summary>Forgets what was found.</summary>
    public void Clear() => _found.Clear();

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

            foreach (var hit in _hits)
            {
                Add(segment, hit.Span, hit);
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

    private string? CollectAcross(JoinedText joined, CancellationToken cancellationToken)
    {
        _hits.Clear();
        _separated.Read(joined);
        var failure = _scan.Find(joined.Utf8.Span, _hits, cancellationToken);
        var count = _hits.Count;
        failure ??= _scan.Find(_separated.Utf8, _hits, cancellationToken);
        for (var i = 0; i < _hits.Count; i++)
        {
            var span = i < count ? _hits[i].Span : _separated.ToJoined(_hits[i].Span);
            if (!joined.CrossesParts(span))
            {
                continue;
            }

            foreach (var (segment, piece) in joined.Map(span))
            {
                Add(segment, piece, _hits[i]);
            }
        }

        _separated.Clear();
        return failure;
    }

    private void Add(Segment segment, TextSpan span, in TextHit hit)
    {
        if (settings.Rules[hit.Rule].AppliesTo(segment.Role))
        {
            var key = (segment.Index, span, hit.Rule);
            _found[key] = Math.Max(hit.Similarity, _found.GetValueOrDefault(key));
        }
    }
}
