namespace LlmGuard.Http.Wire.Bodies;

/// <summary>Where one part of a multipart body stands.</summary>
/// <param name="Headers">Its header lines, without the empty line after them.</param>
/// <param name="Content">Its content.</param>
internal readonly record struct MultipartPart(TextSpan Headers, TextSpan Content)
{
    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    private static ReadOnlySpan<byte> HeadersEnd => "\r\n\r\n"u8;

    /// <summary>Cuts a body at its boundary (RFC 2046, section 5.1.1).</summary>
    /// <param name="body">The body.</param>
    /// <param name="boundary">The boundary: 1 to 70 characters.</param>
    /// <param name="most">Most parts.</param>
    /// <returns>
    /// The parts, or null when the body is cut, has text before or after its parts, or has a line that some readers take for a delimiter and
    /// others do not: such a body cannot be judged.
    /// </returns>
    public static List<MultipartPart>? Split(ReadOnlySpan<byte> body, ReadOnlySpan<byte> boundary, int most)
    {
        ReadOnlySpan<byte> delimiter = [.. "--"u8, .. boundary];
        var parts = new List<MultipartPart>();
        var partStart = -1;
        for (var offset = 0; offset < body.Length;)
        {
            var found = body[offset..].IndexOf(delimiter);
            if (found < 0)
            {
                return null;
            }

            var start = offset + found;
            var end = start + delimiter.Length;
            if (start > 0 && body[start - 1] is not ((byte)'\n' or (byte)'\r'))
            {
                offset = start + 1;
                continue;
            }

            if (start > 0 && (start < 2 || !body[(start - 2)..start].SequenceEqual(LineEnd)))
            {
                return null;
            }

            if (partStart < 0 ? body[..start].IndexOfAnyExcept("\r\n"u8) >= 0 : !TryAdd(body, partStart, start - LineEnd.Length, parts))
            {
                return null;
            }

            if (body[end..].StartsWith("--"u8))
            {
                return body[(end + 2)..].IndexOfAnyExcept(" \t\r\n"u8) < 0 ? parts : null;
            }

            var padding = body[end..].IndexOfAnyExcept(" \t"u8);
            if (padding < 0 || !body[(end + padding)..].StartsWith(LineEnd) || parts.Count == most)
            {
                return null;
            }

            partStart = offset = end + padding + LineEnd.Length;
            // The line end after a delimiter may be the one before the next delimiter: an empty part.
            offset -= LineEnd.Length;
        }

        return null;
    }

    private static bool TryAdd(ReadOnlySpan<byte> body, int start, int end, List<MultipartPart> parts)
    {
        if (end < start)
        {
            // Two delimiters with nothing between them.
            parts.Add(new MultipartPart(new TextSpan(start, 0), new TextSpan(start, 0)));
            return end == start - LineEnd.Length;
        }

        var part = body[start..end];
        if (part.StartsWith(LineEnd))
        {
            parts.Add(new MultipartPart(new TextSpan(start, 0), new TextSpan(start + 2, part.Length - 2)));
            return true;
        }

        var headers = part.IndexOf(HeadersEnd);
        if (headers >= 0)
        {
            parts.Add(new MultipartPart(new TextSpan(start, headers), new TextSpan(start + headers + 4, part.Length - headers - 4)));
            return true;
        }

        // Headers without content: the empty line that ends them is the one that starts the delimiter.
        var length = part.EndsWith(LineEnd) ? part.Length - 2 : part.Length;
        parts.Add(new MultipartPart(new TextSpan(start, length), new TextSpan(end, 0)));
        return true;
    }
}
