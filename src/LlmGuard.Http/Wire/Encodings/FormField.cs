namespace LlmGuard.Http.Wire.Encodings;

/// <summary>Where one pair of a query or a form stands in its encoded bytes.</summary>
/// <param name="Name">The encoded name.</param>
/// <param name="Value">The encoded value; empty, at the end of the name, when there is no <c>=</c>.</param>
internal readonly record struct FormField(TextSpan Name, TextSpan Value)
{
    /// <summary>Offset of the byte after the pair.</summary>
    public int End => Value.End;

    /// <summary>The pairs of <c>a=b&amp;c=d</c>, empty ones left out.</summary>
    public static List<FormField> Split(ReadOnlySpan<byte> encoded)
    {
        var fields = new List<FormField>();
        for (var start = 0; start < encoded.Length;)
        {
            var length = encoded[start..].IndexOf((byte)'&');
            var end = length < 0 ? encoded.Length : start + length;
            if (end > start)
            {
                var equals = encoded[start..end].IndexOf((byte)'=');
                var nameEnd = equals < 0 ? end : start + equals;
                var valueStart = equals < 0 ? end : nameEnd + 1;
                fields.Add(new FormField(new TextSpan(start, nameEnd - start), new TextSpan(valueStart, end - valueStart)));
            }

            start = end + 1;
        }

        return fields;
    }
}
