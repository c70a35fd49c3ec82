using System.IO.Compression;

namespace LlmGuard.Http.Streams;

/// <summary>
/// The content codings in which an answer can be judged while it arrives: what is there of it is decoded at once, and leaves decoded. Memory does
/// not depend on how much one byte unfolds to. (<c>deflate</c>, which means two things, is held whole.)
/// </summary>
internal static class StreamCoding
{
    public static bool IsReadable(string? coding) => coding is null || coding.Length == 0 || Is(coding, "identity") || IsGzip(coding) || Is(coding, "br");

    /// <summary>The plain bytes of an answer; disposing them disposes the answer.</summary>
    /// <param name="source">The bytes as they come.</param>
    /// <param name="coding">The answer's <c>Content-Encoding</c>, which <see cref="IsReadable"/> has accepted.</param>
    public static Stream Decode(Stream source, string? coding) => coding is null || coding.Length == 0 || Is(coding, "identity") ? source
        : IsGzip(coding) ? new GZipStream(source, CompressionMode.Decompress)
        : new BrotliStream(source, CompressionMode.Decompress);

    private static bool IsGzip(string coding) => Is(coding, "gzip") || Is(coding, "x-gzip");

    private static bool Is(string coding, string name) => coding.AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
}
