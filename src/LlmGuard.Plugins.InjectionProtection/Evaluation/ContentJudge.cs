using LlmGuard.Plugins.InjectionProtection.Reading;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.InjectionProtection.Evaluation;

/// <summary>Judges the content of one call at a time and concludes what the settings say.</summary>
internal sealed class ContentJudge(InjectionSettings settings)
{
    // A power of two.
    private const int MostMet = 8;

    private readonly TextJudge _texts = new(settings);
    private readonly PatternSearch?[] _patterns = [.. settings.Custom.Select(c => c.Pattern is null ? null : new PatternSearch(c.Pattern))];
    private readonly List<RuleHit> _hits = [];
    private readonly HashSet<GuardrailFinding> _findings = [];
    private readonly HashSet<string> _scored = [];

    // In most calls a few roles and kinds take turns: those that were met last.
    private readonly (string Role, string Kind, TypeSet Types)[] _met = new (string, string, TypeSet)[MostMet];
    private int _metCount;

    public bool IsOversized => _texts.IsOversized || _hits.Capacity > 4096 || _findings.Count > 4096;

    /// <exception cref="Scanning.ScanBoundException">The content cannot be judged.</exception>
    public GuardrailVerdict Judge(GuardrailCall call, CancellationToken cancellationToken)
    {
        foreach (var segment in call.Content)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (segment.Payload == PayloadKind.Text)
            {
                Find(segment.Utf8.Span, TypesFor(segment.Role, segment.Kind), segment.Source);
                foreach (var hit in _hits)
                {
                    Add(hit, segment.Index, new TextSpan(hit.Start, hit.End - hit.Start));
                }
            }
        }

        foreach (var joined in call.Content.JoinedTexts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FindAcross(joined);
        }

        if (call.IsResponse && settings.Has(InjectionType.SystemPromptLeak))
        {
            foreach (var leak in new LeakSearch(settings).Find(call, cancellationToken).Where(leak => leak.Severity >= settings.LeastSeverity))
            {
                _findings.Add(leak);
            }
        }

        return _findings.Count == 0 ? GuardrailVerdict.Allow : Conclude(call, cancellationToken);
    }

    public void Clear()
    {
        _texts.Clear();
        _hits.Clear();
        _findings.Clear();
        _scored.Clear();
    }

    private TypeSet TypesFor(SegmentRole role, SegmentKind kind)
    {
        // Well-known roles and kinds are the same strings nearly every time.
        var (speaker, place) = (role.Value, kind.Value);
        foreach (ref readonly var met in _met.AsSpan(0, Math.Min(_metCount, MostMet)))
        {
            if (ReferenceEquals(met.Role, speaker) && ReferenceEquals(met.Kind, place))
            {
                return met.Types;
            }
        }

        var types = settings.TypesFor(role, kind);

        // Any other role or kind is text of the caller's, of which nothing is kept.
        if ((role.IsKnown || role == SegmentRole.Unknown) && (kind.IsKnown || kind == SegmentKind.Unknown))
        {
            _met[_metCount & (MostMet - 1)] = (speaker, place, types);
            _metCount = _metCount + 1 < 2 * MostMet ? _metCount + 1 : MostMet;
        }

        return types;
    }

    private void Find(ReadOnlySpan<byte> utf8, TypeSet types, SegmentSource source)
    {
        _hits.Clear();
        _texts.Find(utf8, types, _hits);
        for (var i = 0; i < _patterns.Length && !utf8.IsEmpty; i++)
        {
            if (_patterns[i] is { } pattern && (settings.Custom[i].Sources.Count == 0 || settings.Custom[i].Sources.Contains(source)))
            {
                foreach (var match in pattern.Find(utf8))
                {
                    _hits.Add(new RuleHit(settings.Custom[i].Rule, (int)match.Start, (int)match.End));
                }
            }
        }
    }

    private void FindAcross(JoinedText joined)
    {
        var types = default(TypeSet);
        foreach (var part in joined.Parts)
        {
            types = types.Union(TypesFor(part.Role, part.Kind));
        }

        Find(joined.Utf8.Span, types, joined.Parts[0].Source);
        foreach (var hit in _hits)
        {
            var span = new TextSpan(hit.Start, hit.End - hit.Start);
            if (joined.CrossesParts(span))
            {
                foreach (var (segment, piece) in joined.Map(span))
                {
                    Add(hit, segment.Index, piece);
                }
            }
        }
    }

    private void Add(in RuleHit hit, int segment, TextSpan span)
    {
        if (hit.Rule.Severity >= settings.LeastSeverity)
        {
            _findings.Add(new GuardrailFinding(hit.Rule.Id, TypeScopes.NameOf(hit.Rule.Type), segment, span, Severity: hit.Rule.Severity));
        }
    }

    private GuardrailVerdict Conclude(GuardrailCall call, CancellationToken cancellationToken)
    {
        var ordered = _findings.OrderBy(f => f.Segment).ThenBy(f => f.Span.Start).ThenBy(f => f.Rule, StringComparer.Ordinal)
            .ThenBy(f => f.Span.Length)
            .Take(Math.Max(1, Math.Min(call.MaxFindings, 1000))).ToArray();
        if (settings.AnomalyThreshold > 0 && Score() < settings.AnomalyThreshold)
        {
            return GuardrailVerdict.Flag(ordered);
        }

        return settings.Action switch
        {
            InjectionAction.Flag => GuardrailVerdict.Flag(ordered),
            InjectionAction.Sanitize => Sanitize(call, ordered, cancellationToken),
            _ => Refuse(Gravest(), ordered),
        };
    }

    private GuardrailVerdict Refuse(string reason, GuardrailFinding[] findings) =>
        GuardrailVerdict.Block(new GuardrailRefusal { StatusCode = settings.StatusCode, Message = settings.Message, Reason = reason }, findings);

    private string Gravest() =>
        _findings.OrderByDescending(f => f.Severity).ThenBy(f => f.Segment).ThenBy(f => f.Span.Start).ThenBy(f => f.Rule, StringComparer.Ordinal)
            .First().Type;

    // Each rule counts once, however often it matched: many hits of one weak rule are one weak sign.
    private int Score()
    {
        _scored.Clear();
        var score = 0;
        foreach (var finding in _findings)
        {
            if (_scored.Add(finding.Rule))
            {
                score += (int)finding.Severity + 1;
            }
        }

        return score;
    }

    private GuardrailVerdict Sanitize(GuardrailCall call, GuardrailFinding[] ordered, CancellationToken cancellationToken)
    {
        var edits = new List<SegmentEdit>();
        foreach (var group in _findings.GroupBy(f => f.Segment).ToArray())
        {
            var segment = call.Content.First(s => s.Index == group.Key);
            var scope = call.Stage == GuardrailStage.PostRequest ? EditScope.None : segment.Editability.Scope;
            if (scope == EditScope.None)
            {
                return Refuse("not_editable", ordered);
            }

            if (scope == EditScope.WholeValue)
            {
                edits.Add(new SegmentEdit(segment.Index, new TextSpan(0, segment.Utf8.Length), settings.Replacement));
                continue;
            }

            // What is left is judged again, because a removal can bring together what stood apart.
            var removal = new Removal(segment.Utf8.Span, settings.ReplacementUtf8, group.Select(f => f.Span));
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Find(removal.Text, TypesFor(segment.Role, segment.Kind), segment.Source);
                _hits.RemoveAll(h => h.Rule.Severity < settings.LeastSeverity);
                if (_hits.Count == 0)
                {
                    break;
                }

                if (!removal.Widen(_hits))
                {
                    return Refuse("not_removable", ordered);
                }
            }

            edits.AddRange(removal.Spans.Select(span => new SegmentEdit(segment.Index, span, settings.Replacement)));
        }

        return GuardrailVerdict.Modify(edits, ordered);
    }
}
