using LlmGuard.Planning;

namespace LlmGuard.Execution.Evaluations;

/// <summary>Which edits an evaluation may return.</summary>
internal static class EditRules
{
    /// <summary>Checks an edit; null when it may be carried out, else why not.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="entry">The entry whose evaluator returned it.</param>
    /// <param name="content">What the entry was given, or a wider view of the same content.</param>
    /// <param name="earlier">The edits that led to this content.</param>
    public static string? Problem(in SegmentEdit edit, PlanEntry entry, GuardrailContent content, TextEdit[] earlier)
    {
        if (edit.Replacement is null || edit.Segment < 0 || edit.Segment >= content.TotalCount)
        {
            return FailureReasons.InvalidEdit;
        }

        var segment = content.At(edit.Segment);
        if (!EntryContent.Includes(entry, segment) || segment.Payload != PayloadKind.Text)
        {
            return FailureReasons.InvalidEdit;
        }

        var text = segment.Utf8.Span;
        var span = edit.Span;
        if (span.Start < 0 || span.Length <= 0 || span.Length > text.Length - span.Start
            || CutsCodePoint(text, span.Start) || CutsCodePoint(text, span.End))
        {
            return FailureReasons.InvalidEdit;
        }

        return segment.Editability.Scope switch
        {
            EditScope.None => segment.Editability == Editability.Signed ? FailureReasons.MaskNotApplicable : FailureReasons.InvalidEdit,
            EditScope.WholeValue when span.Length != text.Length && !IsEdited(earlier, edit.Segment) => FailureReasons.InvalidEdit,
            _ => null,
        };
    }

    /// <summary>Whether an offset is between the bytes of one code point.</summary>
    public static bool CutsCodePoint(ReadOnlySpan<byte> text, int offset) => offset < text.Length && (text[offset] & 0xC0) == 0x80;

    /// <summary>A value that was replaced as a whole is text now, of which any span may be edited.</summary>
    private static bool IsEdited(TextEdit[] earlier, int segment)
    {
        foreach (var edit in earlier)
        {
            if (edit.Segment == segment)
            {
                return true;
            }
        }

        return false;
    }
}
