using System.Text;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.CodeSanitation;

/// <summary>
/// Works out which spans must go so that nothing is left to find. What is left of a text after an edit is scanned again, since pieces around
/// a removed span may come together; what is found then joins the spans, until a scan finds nothing.
/// </summary>
internal sealed class Sanitisation(CodeSettings settings)
{
    // Each pass takes more of the text away. Who nests deeper than this wants something else than an answer.
    private const int MaxPasses = 16;

    private readonly CodeScan _scan = new(settings);
    private readonly byte[] _mask = Encoding.UTF8.GetBytes(settings.Mask);

    /// <summary>The edits for what was found.</summary>
    /// <returns>The edits; null when one of them cannot be carried out or there is no end to them.</returns>
    public List<SegmentEdit>? Edits(GuardrailContent content, IReadOnlyList<GuardrailFinding> findings)
    {
        var edits = new List<SegmentEdit>();
        var replacement = Replacement.Literal(settings.Mask);
        foreach (var found in findings.GroupBy(f => f.Segment))
        {
            var segment = content.First(s => s.Index == found.Key);
            if (segment.Editability == Editability.Identifier)
            {
                // No model reads it, and it names something: it is reported only.
                continue;
            }

            if (segment.Editability.Scope == EditScope.None)
            {
                return null;
            }

            var spans = segment.Editability.Scope == EditScope.WholeValue
                ? [new TextSpan(0, segment.Utf8.Length)]
                : Close(segment.Utf8.Span, segment.Source, [.. found.Select(f => f.Span)]);
            if (spans is null)
            {
                return null;
            }

            edits.AddRange(spans.Select(span => new SegmentEdit(segment.Index, span, replacement)));
        }

        return edits;
    }

    private List<TextSpan>? Close(ReadOnlySpan<byte> text, SegmentSource source, List<TextSpan> spans)
    {
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            spans = Merge(spans);
            var left = Apply(text, spans);
            var found = _scan.Scan(left, source);
            if (found.Count == 0)
            {
                return spans;
            }

            foreach (var span in found)
            {
                spans.Add(ToOriginal(spans, span, text.Length));
            }
        }

        return null;
    }

    private byte[] Apply(ReadOnlySpan<byte> text, List<TextSpan> spans)
    {
        using var left = new MemoryStream(text.Length);
        var at = 0;
        foreach (var span in spans)
        {
            left.Write(text[at..span.Start]);
            left.Write(_mask);
            at = span.End;
        }

        left.Write(text[at..]);
        return left.ToArray();
    }

    // A span of what is left, back in the text: from the piece it begins in to the piece it ends in, with all that was taken away between.
    private TextSpan ToOriginal(List<TextSpan> spans, ScanSpan found, int length)
    {
        var (start, end) = (-1, length);
        var (shift, isDone) = (0, false);
        for (var i = 0; i <= spans.Count && !isDone; i++)
        {
            var (from, to) = i < spans.Count ? (spans[i].Start, spans[i].End) : (length, length);
            var masked = from + shift;
            start = start < 0 && found.Start < masked ? found.Start - shift : start;
            if (found.Start + found.Length <= masked)
            {
                (end, isDone) = (found.Start + found.Length - shift, true);
                continue;
            }

            if (i == spans.Count)
            {
                break;
            }

            var after = masked + _mask.Length;
            start = start < 0 && found.Start < after ? from : start;
            if (found.Start + found.Length <= after)
            {
                (end, isDone) = (to, true);
            }

            shift += _mask.Length - (to - from);
        }

        start = Math.Clamp(start, 0, length);
        return new TextSpan(start, Math.Max(start, end) - start);
    }

    private static List<TextSpan> Merge(List<TextSpan> spans)
    {
        var merged = new List<TextSpan>();
        foreach (var span in spans.Where(s => s.Length > 0).OrderBy(s => s.Start).ThenBy(s => s.Length))
        {
            if (merged.Count > 0 && span.Start <= merged[^1].End)
            {
                var last = merged[^1];
                merged[^1] = new TextSpan(last.Start, Math.Max(last.End, span.End) - last.Start);
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged;
    }
}
