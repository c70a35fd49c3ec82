namespace LlmGuard.Http.Wire.Encodings;

/// <summary>The texts of NDJSON, JSON lines and JSON text sequences (RFC 7464).</summary>
internal static class JsonLines
{
    private const byte RecordSeparator = 0x1E;

    /// <summary>Where the texts stand: between line feeds, without white space and record separators around them, empty ones left out.</summary>
    public static List<TextSpan> Split(ReadOnlySpan<byte> lines)
    {
        var spans = new List<TextSpan>();
        for (var start = 0; start < lines.Length;)
        {
            var length = lines[start..].IndexOf((byte)'\n');
            var end = length < 0 ? lines.Length : start + length;
            var next = end + 1;
            if (start < end && lines[start] == RecordSeparator)
            {
                start++;
            }

            while (start < end && IsBlank(lines[start]))
            {
                start++;
            }

            while (end > start && IsBlank(lines[end - 1]))
            {
                end--;
            }

            if (end > start)
            {
                spans.Add(new TextSpan(start, end - start));
            }

            start = next;
        }

        return spans;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r';
}
