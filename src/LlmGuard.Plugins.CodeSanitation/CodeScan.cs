using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.CodeSanitation;

/// <summary>Scans the texts of one call at a time and keeps what is found. Holds offsets, no text.</summary>
internal sealed class CodeScan(CodeSettings settings)
{
    private readonly List<ScanSpan> _spans = [];
    private readonly ScanSession?[] _sessions = new ScanSession?[3];

    /// <summary>What was found, in the order of segments and places.</summary>
    public List<GuardrailFinding> Findings { get; } = [];

    /// <summary>Whether it has grown beyond what is worth keeping.</summary>
    public bool IsOversized => Array.Exists(_sessions, static s => s is { IsOversized: true }) || Findings.Capacity > PatternSearch.LargestKept;

    /// <summary>Forgets what was found.</summary>
    public void Clear() => Findings.Clear();

    /// <summary>Scans a text.</summary>
    /// <returns>The spans, until the next scan.</returns>
    public List<ScanSpan> Scan(ReadOnlySpan<byte> text, SegmentSource source)
    {
        (_sessions[(int)source] ??= settings.PlanOf(source).NewSession()).Scan(text, _spans);
        return _spans;
    }

    /// <summary>Scans a segment.</summary>
    public void Take(Segment segment, int maxFindings)
    {
        if (segment.Payload != PayloadKind.Text || Findings.Count > maxFindings)
        {
            return;
        }

        foreach (var span in Scan(segment.Utf8.Span, segment.Source))
        {
            Add(segment.Index, new TextSpan(span.Start, span.Length), span.Rule);
        }
    }

    /// <summary>Scans parts that are read as one text, for what no single part holds.</summary>
    public void Take(JoinedText joined, int maxFindings)
    {
        if (Findings.Count > maxFindings)
        {
            return;
        }

        foreach (var span in Scan(joined.Utf8.Span, joined.Parts[0].Source))
        {
            var found = new TextSpan(span.Start, span.Length);
            if (!joined.CrossesParts(found))
            {
                continue;
            }

            foreach (var (segment, piece) in joined.Map(found))
            {
                if (piece.Length > 0)
                {
                    Add(segment.Index, piece, span.Rule);
                }
            }
        }
    }

    private void Add(int segment, TextSpan span, int number)
    {
        var rule = settings.Rules[number];
        var type = number < settings.CustomCount ? "custom" : GroupNames.Of(rule.Group);
        Findings.Add(new GuardrailFinding(rule.Id, type, segment, span, 1, rule.Severity));
    }
}
