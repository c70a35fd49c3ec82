using System.IO.Compression;
using System.Text;

namespace LlmGuard.AspNetCore.Tests.Doubles;

/// <summary>Texts as an encoded body: gzip, deflate (in zlib) or, for any other coding, Brotli.</summary>
internal static class EncodedBody
{
    public static byte[] Of(string coding, string text)
    {
        var bytes = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(bytes, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(bytes, CompressionLevel.Fastest),
            _ => new BrotliStream(bytes, CompressionLevel.Fastest),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
