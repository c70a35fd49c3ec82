using System.Text.Unicode;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>Text that is one segment.</summary>
internal sealed class TextBody(ReadOnlyMemory<byte> text, int segment) : ReadBody
{
    public static BodyReadResult Read(ReadOnlyMemory<byte> text, BodyReading reading, in SegmentInfo info)
    {
        if (!Utf8.IsValid(text.Span))
        {
            return BodyReadResult.MalformedAs("it is not UTF-8");
        }

        if (text.IsEmpty)
        {
            return BodyReadResult.Read(OpaqueBody.Instance);
        }

        var segment = reading.Builder.AddValidText(text, info);
        return reading.HasTooManySegments ? BodyReadResult.TooLarge : BodyReadResult.Read(new TextBody(text, segment));
    }

    public override BodyRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes)
    {
        if (changes.Count > 0)
        {
            return BodyRewrite.NotApplicable;
        }

        var splices = new List<ByteSplice>();
        foreach (var edit in edits)
        {
            if (edit.Segment == segment)
            {
                splices.Add(new ByteSplice(edit.Span, edit.Utf8));
            }
        }

        return splices.Count == 0 ? BodyRewrite.Unchanged : BodyRewrite.To(ByteSplice.Apply(text.Span, splices));
    }
}
