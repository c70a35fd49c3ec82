namespace LlmGuard.Http.Wire;

/// <summary>What a guard that reads answers changes in a request, so that the answer comes whole and in an encoding it decodes.</summary>
internal static class ResponseNegotiation
{
    private static readonly string[] Decoded = ["gzip", "x-gzip", "deflate", "br", "identity"];

    private static readonly string[] OfParts = ["Range", "If-Range", "A-IM"];

    private static readonly string[] OfReads = [.. OfParts, "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"];

    /// <summary>
    /// Headers that ask for a part of an answer or for none. Under a method that changes something a condition asks for neither: it keeps one writer
    /// from overwriting another (RFC 9110, 13.1), and stays.
    /// </summary>
    /// <param name="method">The method, in any case.</param>
    public static IReadOnlyList<string> Dropped(string method) =>
        method.Equals("GET", StringComparison.OrdinalIgnoreCase) || method.Equals("HEAD", StringComparison.OrdinalIgnoreCase) ? OfReads : OfParts;

    /// <summary>Cuts an Accept-Encoding to the codings that are decoded here; <c>identity</c> when none is left.</summary>
    public static string Cut(IEnumerable<string> acceptEncoding)
    {
        var kept = acceptEncoding
            .SelectMany(static value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(static coding => Decoded.Contains(coding.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase));
        var cut = string.Join(", ", kept);
        return cut.Length == 0 ? "identity" : cut;
    }
}
