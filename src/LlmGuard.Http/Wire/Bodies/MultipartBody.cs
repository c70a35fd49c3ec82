using System.Buffers;
using System.Text;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>A multipart body: every part by its own type, names and file names as text that cannot be edited.</summary>
internal sealed class MultipartBody : ComposedBody
{
    private const int MostNesting = 2;

    private static readonly SearchValues<char> BoundaryCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+_,-./:=? ");

    private readonly ReadOnlyMemory<byte> _text;
    private readonly byte[] _boundary;
    private readonly List<(TextSpan Span, ReadBody Body)> _parts;

    private MultipartBody(ReadOnlyMemory<byte> text, byte[] boundary, List<(TextSpan Span, ReadBody Body)> parts) =>
        (_text, _boundary, _parts) = (text, boundary, parts);

    public static BodyReadResult Read(ReadOnlyMemory<byte> text, string? boundary, BodyReading reading, int nesting)
    {
        if (nesting >= MostNesting)
        {
            return BodyReadResult.TooLarge;
        }

        if (boundary is not { Length: > 0 and <= 70 } || boundary.EndsWith(' ') || boundary.AsSpan().ContainsAnyExcept(BoundaryCharacters))
        {
            return BodyReadResult.MalformedAs("its multipart boundary is missing or none (RFC 2046)");
        }

        var delimiter = Encoding.ASCII.GetBytes(boundary);
        if (MultipartPart.Split(text.Span, delimiter, reading.Limits.MaxSegments) is not { } found)
        {
            return BodyReadResult.MalformedAs("its parts do not begin and end as multipart has them (RFC 2046)");
        }

        var parts = new List<(TextSpan, ReadBody)>();
        var facts = default(BodyFacts);
        foreach (var part in found)
        {
            var result = ReadPart(text, part, reading, nesting);
            if (result.Body is not { } body)
            {
                return result;
            }

            parts.Add((part.Content, body));
            facts = facts.With(body.Facts);
        }

        return BodyReadResult.Read(new MultipartBody(text, delimiter, parts) { Composed = facts with { Dialect = null } });
    }

    public override BodyRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes)
    {
        if (changes.Count > 0)
        {
            return BodyRewrite.NotApplicable;
        }

        var splices = new List<ByteSplice>();
        foreach (var (span, body) in _parts)
        {
            var rewrite = body.Rewrite(edits, changes);
            if (rewrite.CannotApply)
            {
                return rewrite;
            }

            if (rewrite.Bytes is { } bytes)
            {
                splices.Add(new ByteSplice(span, bytes));
            }
        }

        if (splices.Count == 0)
        {
            return BodyRewrite.Unchanged;
        }

        // An edit that writes a delimiter would move text between parts.
        var rewritten = ByteSplice.Apply(_text.Span, splices);
        return MultipartPart.Split(rewritten, _boundary, _parts.Count)?.Count == _parts.Count ? BodyRewrite.To(rewritten) : BodyRewrite.NotApplicable;
    }

    private static BodyReadResult ReadPart(ReadOnlyMemory<byte> text, MultipartPart part, BodyReading reading, int nesting)
    {
        if (PartHead.Parse(text.Span.Slice(part.Headers.Start, part.Headers.Length)) is not { } head
            || !MediaType.TryParse(head.ContentType, out var type))
        {
            return BodyReadResult.MalformedAs("the head of one of its parts cannot be read");
        }

        var content = text.Slice(part.Content.Start, part.Content.Length);
        if (head.IsEncoded || (head.Name == "_charset_" && !IsUtf8Name(content.Span)))
        {
            return BodyReadResult.UnsupportedCharset;
        }

        AddText(head.Name, SegmentKind.Key, Editability.Key, reading);
        AddText(head.FileName, SegmentKind.Metadata, Editability.Identifier, reading);
        foreach (var other in head.Others)
        {
            AddText(other, SegmentKind.Metadata, Editability.Identifier, reading);
        }

        if (reading.HasTooManySegments)
        {
            return BodyReadResult.TooLarge;
        }

        var info = new SegmentInfo { Name = head.Name, Kind = head.FileName is null ? SegmentKind.Unknown : SegmentKind.Document };
        return type switch
        {
            null when head.FileName is null => TextBody.Read(content, reading, info),
            null or { Name: "application/octet-stream" } when HasLinesExtension(head.FileName) => LinesBody.Read(content, reading),
            _ => TypedBody.Read(content, type, reading, info, nesting + 1),
        };
    }

    private static void AddText(string? text, SegmentKind kind, Editability editability, BodyReading reading)
    {
        if (!string.IsNullOrEmpty(text))
        {
            reading.Builder.AddText(text, new SegmentInfo { Kind = kind, Editability = editability });
        }
    }

    private static bool HasLinesExtension(string? fileName) => fileName is not null
        && (fileName.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase));

    private static bool IsUtf8Name(ReadOnlySpan<byte> charset) =>
        Ascii.EqualsIgnoreCase(charset, "utf-8"u8) || Ascii.EqualsIgnoreCase(charset, "utf8"u8);
}
