using System.Text;
using System.Text.Unicode;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>An <c>application/x-www-form-urlencoded</c> text: names are keys, values are decoded and editable.</summary>
internal sealed class FormBody(ReadOnlyMemory<byte> encoded, FormPairs pairs) : ReadBody
{
    public static BodyReadResult Read(ReadOnlyMemory<byte> encoded, BodyReading reading)
    {
        var pairs = new FormPairs();
        foreach (var field in FormField.Split(encoded.Span))
        {
            var name = PercentEncoding.Decode(encoded.Slice(field.Name.Start, field.Name.Length), plusIsSpace: true);
            var value = PercentEncoding.Decode(encoded.Slice(field.Value.Start, field.Value.Length), plusIsSpace: true);
            if (!Utf8.IsValid(name.Span) || !Utf8.IsValid(value.Span))
            {
                return BodyReadResult.MalformedAs("its form fields are not UTF-8");
            }

            if (!name.IsEmpty)
            {
                reading.Builder.AddValidText(name, new SegmentInfo { Kind = SegmentKind.Key, Editability = Editability.Key });
            }

            if (!value.IsEmpty)
            {
                pairs.Add(reading.Builder.AddValidText(value, new SegmentInfo { Name = Encoding.UTF8.GetString(name.Span) }), field.Value);
            }

            if (reading.HasTooManySegments)
            {
                return BodyReadResult.TooLarge;
            }
        }

        return BodyReadResult.Read(new FormBody(encoded, pairs));
    }

    public override BodyRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes)
    {
        if (changes.Count > 0)
        {
            return BodyRewrite.NotApplicable;
        }

        return pairs.Apply(encoded.Span, edits) is { } rewritten ? BodyRewrite.To(rewritten) : BodyRewrite.Unchanged;
    }
}
