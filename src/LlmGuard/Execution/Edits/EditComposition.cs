namespace LlmGuard.Execution.Edits;

/// <summary>
/// The edits of a stage, entry after entry: each is made on what the one before left, all are kept as edits of the content the stage began with.
/// </summary>
internal sealed class EditComposition(GuardrailContent original)
{
    /// <summary>The content with all edits carried out.</summary>
    public GuardrailContent Current { get; private set; } = original;

    /// <summary>
    /// The edits of the original: ascending by segment and span, never overlapping. Replaced, never changed, by <see cref="Apply"/>.
    /// </summary>
    public TextEdit[] Edits { get; private set; } = [];

    /// <summary>Carries out further edits.</summary>
    /// <param name="next">Edits of <see cref="Current"/>: ascending by segment and span, never overlapping.</param>
    public void Apply(TextEdit[] next)
    {
        if (next.Length == 0)
        {
            return;
        }

        var texts = new List<KeyValuePair<int, byte[]>>();
        var composed = new List<TextEdit>(Edits.Length + next.Length);
        int before = 0, position = 0;
        while (position < next.Length)
        {
            var segment = next[position].Segment;
            var earlier = TakeSegment(Edits, segment, ref before, composed);
            var first = position;
            while (position < next.Length && next[position].Segment == segment)
            {
                position++;
            }

            var later = next.AsSpan(first, position - first);
            var text = Current.At(segment).Utf8.Span;
            Compose(text, earlier, later, composed);
            texts.Add(new(segment, Replace(text, 0, text.Length, later)));
        }

        composed.AddRange(Edits.AsSpan(before));
        Edits = [.. composed];
        Current = Current.WithTexts(texts);
    }

    /// <summary>Passes over the edits of lower segments, which stay as they are, and takes those of this one.</summary>
    private static ReadOnlySpan<TextEdit> TakeSegment(TextEdit[] edits, int segment, ref int position, List<TextEdit> untouched)
    {
        while (position < edits.Length && edits[position].Segment < segment)
        {
            untouched.Add(edits[position++]);
        }

        var first = position;
        while (position < edits.Length && edits[position].Segment == segment)
        {
            position++;
        }

        return edits.AsSpan(first, position - first);
    }

    private static void Compose(ReadOnlySpan<byte> text, ReadOnlySpan<TextEdit> earlier, ReadOnlySpan<TextEdit> later, List<TextEdit> composed)
    {
        // Offset in the text = offset in the original + shift, for text between edits.
        int i = 0, j = 0, shift = 0;
        while (i < earlier.Length || j < later.Length)
        {
            if (j == later.Length || (i < earlier.Length && End(earlier[i], shift) <= later[j].Span.Start))
            {
                composed.Add(earlier[i]);
                shift += Growth(earlier[i++]);
            }
            else if (i == earlier.Length || later[j].Span.End <= earlier[i].Span.Start + shift)
            {
                composed.Add(later[j] with { Span = new TextSpan(later[j].Span.Start - shift, later[j].Span.Length) });
                j++;
            }
            else
            {
                composed.Add(TakeOverlap(text, earlier, later, ref i, ref j, ref shift));
            }
        }
    }

    /// <summary>An earlier and a later edit overlap: together with all that overlaps either they become one edit of the original.</summary>
    private static TextEdit TakeOverlap(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<TextEdit> earlier,
        ReadOnlySpan<TextEdit> later,
        ref int i,
        ref int j,
        ref int shift)
    {
        var segment = later[j].Segment;
        var start = Math.Min(earlier[i].Span.Start + shift, later[j].Span.Start);
        var originalStart = start - shift;
        var firstLater = j;
        var earlierEnd = End(earlier[i], shift);
        var laterEnd = later[j++].Span.End;
        shift += Growth(earlier[i++]);
        while (true)
        {
            if (i < earlier.Length && earlier[i].Span.Start + shift < laterEnd)
            {
                earlierEnd = End(earlier[i], shift);
                shift += Growth(earlier[i++]);
            }
            else if (j < later.Length && later[j].Span.Start < earlierEnd)
            {
                laterEnd = later[j++].Span.End;
            }
            else
            {
                break;
            }
        }

        var end = Math.Max(earlierEnd, laterEnd);
        var span = new TextSpan(originalStart, end - shift - originalStart);
        return new TextEdit(segment, span, Replace(text, start, end, later[firstLater..j]));
    }

    private static int End(in TextEdit edit, int shift) => edit.Span.Start + shift + edit.Utf8.Length;

    private static int Growth(in TextEdit edit) => edit.Utf8.Length - edit.Span.Length;

    /// <summary>A stretch of the text with the edits that lie in it carried out.</summary>
    private static byte[] Replace(ReadOnlySpan<byte> text, int start, int end, ReadOnlySpan<TextEdit> edits)
    {
        var length = end - start;
        foreach (var edit in edits)
        {
            length += Growth(edit);
        }

        var result = new byte[length];
        var written = 0;
        var read = start;
        foreach (var edit in edits)
        {
            text[read..edit.Span.Start].CopyTo(result.AsSpan(written));
            written += edit.Span.Start - read;
            edit.Utf8.Span.CopyTo(result.AsSpan(written));
            written += edit.Utf8.Length;
            read = edit.Span.End;
        }

        text[read..end].CopyTo(result.AsSpan(written));
        return result;
    }
}
