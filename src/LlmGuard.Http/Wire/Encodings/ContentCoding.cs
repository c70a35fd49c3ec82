namespace LlmGuard.Http.Wire.Encodings;

/// <summary>A content coding of RFC 9110, section 8.4.1, that is decoded.</summary>
internal abstract class ContentCoding
{
    /// <summary>Nobody chains more than two in earnest; each one costs a pass over the body.</summary>
    private const int MostCodings = 3;

    private static readonly ContentCoding Gzip = new GzipCoding();
    private static readonly ContentCoding Deflate = new DeflateCoding();
    private static readonly ContentCoding Brotli = new BrotliCoding();

    /// <summary>Reads Content-Encoding values into the codings in the order they were applied; false when one is not decoded.</summary>
    public static bool TryParse(IReadOnlyList<string> values, out ContentCoding[] codings)
    {
        codings = [];
        foreach (var value in values)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var name = value.AsSpan(range).Trim(" \t");
                if (name.IsEmpty || name.Equals("identity", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                if (ByName(name) is not { } coding || codings.Length == MostCodings)
                {
                    return false;
                }

                codings = [.. codings, coding];
            }
        }

        return true;
    }

    /// <summary>
    /// Decodes a whole text that is encoded exactly: nothing missing, nothing after it. Limits of the output are in <paramref name="output"/>.
    /// </summary>
    public abstract BodyStop Decode(ReadOnlyMemory<byte> encoded, ChunkedBytes output, InflateRatio ratio, CancellationToken cancellationToken);

    private static ContentCoding? ByName(ReadOnlySpan<char> name) =>
        name.Equals("gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase) ? Gzip
        : name.Equals("deflate", StringComparison.OrdinalIgnoreCase) ? Deflate
        : name.Equals("br", StringComparison.OrdinalIgnoreCase) ? Brotli
        : null;
}
