using System.Text;
using System.Text.Json;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Azure;

/// <summary>A request to <c>image:analyze</c>, with what the image shows: that is written in its bytes or in its address.</summary>
internal sealed record ImageAnalysisRequest(string Shows, IReadOnlyList<string> Categories)
{
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly byte[][] Formats =
        [[0x89, (byte)'P', (byte)'N', (byte)'G'], [0xFF, 0xD8, 0xFF], "GIF8"u8.ToArray(),
            "BM"u8.ToArray(), "II*\0"u8.ToArray(), "MM\0*"u8.ToArray(), "RIFF"u8.ToArray()];

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestRefusedException">It does not fit.</exception>
    public static ImageAnalysisRequest Read(FakeRequest request)
    {
        var members = new RequestMembers(request, null, "image", "categories", "outputType");
        members.Word("outputType", "FourSeverityLevels");
        if (members.Optional("image") is not { ValueKind: JsonValueKind.Object } image)
        {
            throw RequestRefusedException.Body("'image' is required.");
        }

        RequestMembers.Allow(image, "content", "blobUrl");
        if (image.EnumerateObject().Count() != 1)
        {
            throw RequestRefusedException.Body("'image' has both or neither of 'content' and 'blobUrl'.");
        }

        var member = image.EnumerateObject().Single();
        var value = RequestMembers.TextOf(member.Value, member.Name);
        return new ImageAnalysisRequest(member.Name == "content" ? ContentOf(value) : BlobOf(value), TextAnalysisRequest.CategoriesOf(members));
    }

    private static string ContentOf(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length > MaxBytes)
        {
            throw RequestRefusedException.Body("'content' is not base64, or too large.");
        }

        // What callers send as an image need not be one: no mistake of the client.
        return Formats.Any(format => bytes.AsSpan(0, length).StartsWith(format))
            ? Encoding.Latin1.GetString(bytes, 0, length)
            : throw new RequestRefusedException(400, "InvalidImageFormat", "The image format is not supported.");
    }

    private static string BlobOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == "https"
            && uri.Host.EndsWith(".blob.core.windows.net", StringComparison.Ordinal)
            ? url
            : throw RequestRefusedException.Body("'blobUrl' is not the address of a blob.");
}
