using System.Globalization;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Collects what the rules of one entry find in a content: part by part, and across the parts of joined texts.</summary>
internal sealed class ModerationFindings(ModerationSettings settings, TextScan scan, CancellationToken cancellationToken)
{
    private readonly List<TextHit> _hits = [];
    private readonly Dictionary<(int Segment, TextSpan Span, int Rule), double> _found = [];

    /// <summary>Searches a content.</summary>
    /// <returns>Why it could not be judged, or null.</returns>
    public string? Collect(GuardrailContent content)
    {
        foreach (var segment in content)
        {
            _hits.Clear();
            if (segment.Payload == PayloadKind.Text && scan.Find(segment.Utf8.Span, _hits, cancellationToken) is { } failure)
            {
                return failure;
            }

            foreach (var hit in _hits)
            {
                Add(segment.Index, hit.Span, hit);
            }
        }

        foreach (var joined in content.JoinedTexts)
        {
            if (CollectAcross(joined) is { } failure)
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
            .Select(f => Describe(f.Key.Rule, f.Key.Segment, f.Key.Span, f.Value)),
    ];

    private string? CollectAcross(JoinedText joined)
    {
        _hits.Clear();
        var separated = new SeparatedParts(joined);
        var failure = scan.Find(joined.Utf8.Span, _hits, cancellationToken);
        var count = _hits.Count;
        failure ??= scan.Find(separated.Utf8, _hits, cancellationToken);
        for (var i = 0; i < _hits.Count; i++)
        {
            var span = i < count ? _hits[i].Span : separated.ToJoined(_hits[i].Span);
            if (!joined.CrossesParts(span))
            {
                continue;
            }

            foreach (var (segment, piece) in joined.Map(span))
            {
                Add(segment.Index, piece, _hits[i]);
            }
        }

        return failure;
    }

    private void Add(int segment, TextSpan span, in TextHit hit)
    {
        var key = (segment, span, hit.Rule);
        _found[key] = Math.Max(hit.Similarity, _found.GetValueOrDefault(key));
    }

    private GuardrailFinding Describe(int rule, int segment, TextSpan span, double similarity)
    {
        var isKeyword = rule < settings.KeywordCount;
        var id = string.Create(CultureInfo.InvariantCulture, $"{(isKeyword ? "keywords" : "regex")}[{(isKeyword ? rule : rule - settings.KeywordCount)}]");
        return new GuardrailFinding(id, isKeyword ? "keyword" : "pattern", segment, span, similarity);
    }
}
