using System.IO.Compression;

namespace LlmGuard.Http.Streams;

/// <summary>
/// The content codings in which an answer can be judged while it arrives: what is there of it is decoded at once, and leaves decoded. Memory does
/// not depend on how much one byte unfolds to.
/// </summary>
internal static class StreamCoding
{
    private const int Piece = 4096;

    public static bool IsReadable(string? coding) => IsPlain(coding) || IsGzip(coding!) || Is(coding!, "br") || Is(coding!, "deflate");

    /// <summary>The plain bytes of an answer; disposing them disposes the answer.</summary>
    /// <param name="source">The bytes as they come.</param>
    /// <param name="coding">The answer's <c>Content-Encoding</c>, which <see cref="IsReadable"/> has accepted.</param>
    public static Stream Decode(Stream source, string? coding) => IsPlain(coding) ? source
        : IsGzip(coding!) ? new GZipStream(source, CompressionMode.Decompress)
        : Is(coding!, "br") ? new BrotliStream(source, CompressionMode.Decompress)
        : new DeflatedStream(source);

    /// <summary>The plain bytes of the start of an answer, as far as they are there and up to a limit.</summary>
    public static ReadOnlyMemory<byte> DecodeStart(ReadOnlyMemory<byte> start, string? coding, int limit)
    {
        if (IsPlain(coding))
        {
            return start;
        }

        using var decoded = Decode(new MemoryStream(start.ToArray()), coding);
        var bytes = new byte[Piece];
        var length = 0;
        try
        {
            while (length < limit && decoded.Read(bytes.AsSpan(length)) is > 0 and var read)
            {
                length += read;
                if (length == bytes.Length)
                {
                    Array.Resize(ref bytes, 2 * length);
                }
            }
        }
        catch (InvalidDataException)
        {
            // Whoever reads all of it says so; what came before the break is there.
        }

        return bytes.AsMemory(0, length);
    }

    private static bool IsPlain(string? coding) => string.IsNullOrWhiteSpace(coding) || Is(coding, "identity");

    private static bool IsGzip(string coding) => Is(coding, "gzip") || Is(coding, "x-gzip");

    private static bool Is(string coding, string name) => coding.AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
}
