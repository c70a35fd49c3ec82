using System.Text.Unicode;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>Reads a body, or a part of one, by what its type says it is and, where that says nothing, by what it is.</summary>
internal static class TypedBody
{
    /// <summary>Reads a body that no dialect claims.</summary>
    /// <param name="body">The decoded bytes.</param>
    /// <param name="type">The stated type, or null.</param>
    /// <param name="reading">The message.</param>
    /// <param name="info">What is known about a text that is one segment.</param>
    /// <param name="nesting">How many multiparts it is inside of.</param>
    public static BodyReadResult Read(ReadOnlyMemory<byte> body, MediaType? type, BodyReading reading, in SegmentInfo info, int nesting = 0)
    {
        if (body.IsEmpty)
        {
            return BodyReadResult.Read(OpaqueBody.Instance);
        }

        if (type is null)
        {
            return Sniff(body, null, reading, info);
        }

        if (!type.IsUtf8 && type.Binary is null)
        {
            return BodyReadResult.UnsupportedCharset;
        }

        if (type.IsJson)
        {
            return Json(body, reading);
        }

        if (type.IsJsonLines)
        {
            return LinesBody.Read(body, reading);
        }

        if (type.IsMultipart)
        {
            return MultipartBody.Read(body, type.Boundary, reading, nesting);
        }

        // A body that is JSON whatever it is called is read by some servers as JSON; a real form or image never looks like it.
        if (type.IsForm)
        {
            return IsJson(body.Span) ? Json(body, reading) : FormBody.Read(body, reading);
        }

        // JSON called text is read as JSON by clients that never look at the type, so its escapes must not hide anything.
        if (type.IsText)
        {
            return IsJson(body.Span) || (JsonSyntax.StartsLikeContainer(body.Span) && DialectRegistry.FromBody(body.Span) is not null)
                ? Json(body, reading)
                : TextBody.Read(body, reading, info);
        }

        return Sniff(body, type, reading, info);
    }

    private static BodyReadResult Sniff(ReadOnlyMemory<byte> body, MediaType? type, BodyReading reading, in SegmentInfo info)
    {
        if (IsJson(body.Span))
        {
            return Json(body, reading);
        }

        if (type?.Binary is null && Utf8.IsValid(body.Span) && !body.Span.Contains((byte)0))
        {
            return TextBody.Read(body, reading, info);
        }

        reading.Builder.AddBinary(type?.Binary ?? UninspectedKind.File, body, type?.Name, null, info);
        return reading.HasTooManySegments ? BodyReadResult.TooLarge : BodyReadResult.Read(OpaqueBody.Instance);
    }

    private static BodyReadResult Json(ReadOnlyMemory<byte> body, BodyReading reading) =>
        JsonReadBody.Read(body, reading, DialectRegistry.FromBody(body.Span));

    /// <summary>Whether the bytes are a JSON object or array by grammar, a byte order mark included, which the strict reader then refuses.</summary>
    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        body = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        return JsonSyntax.StartsLikeContainer(body) && JsonSyntax.IsValue(body);
    }
}
