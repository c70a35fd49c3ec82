using System.Text;

namespace LlmGuard.Remote.Texts;

/// <summary>Makes passages out of content.</summary>
internal static class Passages
{
    private const byte Separator = (byte)'\n';

    /// <summary>
    /// Each text of its own: every segment, and every joined text in addition to its parts. What is longer than the limit is cut. Texts of
    /// nothing but white space are left out.
    /// </summary>
    /// <param name="content">The content.</param>
    /// <param name="limit">How long a passage may be.</param>
    /// <param name="include">Which segments; null for all. A joined text counts when one of its parts does.</param>
    public static List<Passage> Each(GuardrailContent content, TextLimit limit, Func<Segment, bool>? include = null)
    {
        var passages = new List<Passage>(content.Count);
        foreach (var segment in content)
        {
            if (segment.Payload == PayloadKind.Text && include?.Invoke(segment) != false)
            {
                var text = segment.Utf8;
                foreach (var window in WindowsOf(text.Span, limit))
                {
                    passages.Add(new Passage(text.Slice(window.Start, window.Length), new PassagePart(segment, window.Start, 0, window.Length)));
                }
            }
        }

        foreach (var joined in content.JoinedTexts)
        {
            if (include is null || joined.Parts.Any(include))
            {
                foreach (var window in WindowsOf(joined.Utf8.Span, limit))
                {
                    passages.Add(new Passage(joined.Utf8.Slice(window.Start, window.Length), PartsOf(joined, window)));
                }
            }
        }

        return passages;
    }

    /// <summary>
    /// As few passages as possible, for judges that take one text per question: texts follow one another with a line break between them, up to
    /// the limit. A text is cut only when it is longer than the limit by itself.
    /// </summary>
    /// <param name="content">The content.</param>
    /// <param name="limit">How long a passage may be.</param>
    /// <param name="include">Which segments; null for all.</param>
    public static List<Passage> Together(GuardrailContent content, TextLimit limit, Func<Segment, bool>? include = null)
    {
        var passages = new List<Passage>();
        var open = new List<Passage>();
        var units = 0;
        var separator = limit.Unit.Cost(Separator);
        foreach (var passage in Each(content, limit, include))
        {
            var cost = limit.Unit.Count(passage.Utf8.Span);
            if (open.Count > 0 && units + separator + cost > limit.Max)
            {
                passages.Add(Merge(open));
                open.Clear();
                units = 0;
            }

            units += cost + (open.Count > 0 ? separator : 0);
            open.Add(passage);
        }

        if (open.Count > 0)
        {
            passages.Add(Merge(open));
        }

        return passages;
    }

    /// <summary>Distributes passages over questions that take several of them.</summary>
    /// <param name="passages">The passages.</param>
    /// <param name="unit">What the provider counts.</param>
    /// <param name="maxUnits">Most units of one question in all; a passage longer than this is a question of its own.</param>
    /// <param name="maxCount">Most passages of one question.</param>
    public static List<Passage[]> Batches(IReadOnlyList<Passage> passages, TextUnit unit, int maxUnits, int maxCount)
    {
        var batches = new List<Passage[]>();
        var open = new List<Passage>();
        var units = 0;
        foreach (var passage in passages)
        {
            var cost = unit.Count(passage.Utf8.Span);
            if (open.Count > 0 && (open.Count == maxCount || units + cost > maxUnits))
            {
                batches.Add([.. open]);
                open.Clear();
                units = 0;
            }

            open.Add(passage);
            units += cost;
        }

        if (open.Count > 0)
        {
            batches.Add([.. open]);
        }

        return batches;
    }

    private static List<TextSpan> WindowsOf(ReadOnlySpan<byte> text, TextLimit limit) => IsBlank(text) ? [] : TextCutter.Cut(text, limit);

    private static bool IsBlank(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (!Rune.IsWhiteSpace(rune))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    private static PassagePart[] PartsOf(JoinedText joined, TextSpan window)
    {
        var parts = new List<PassagePart>();
        var start = 0;
        foreach (var (segment, span) in joined.Map(window))
        {
            parts.Add(new PassagePart(segment, span.Start, start, span.Length));
            start += span.Length;
        }

        return [.. parts];
    }

    private static Passage Merge(List<Passage> passages)
    {
        if (passages.Count == 1)
        {
            return passages[0];
        }

        var text = new byte[passages.Sum(p => p.Utf8.Length) + passages.Count - 1];
        var parts = new List<PassagePart>();
        var offset = 0;
        foreach (var passage in passages)
        {
            if (offset > 0)
            {
                text[offset++] = Separator;
            }

            passage.Utf8.Span.CopyTo(text.AsSpan(offset));
            foreach (var part in passage.Parts)
            {
                parts.Add(part with { Start = part.Start + offset });
            }

            offset += passage.Utf8.Length;
        }

        return new Passage(text, [.. parts]);
    }
}
