using LlmGuard.Plugins.ToxicityAzure.Settings;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityAzure.Analysis;

/// <summary>An image as Azure takes it: its bytes, or the address of a blob that the resource's identity may read.</summary>
/// <param name="Bytes">The bytes; empty with a blob.</param>
/// <param name="Blob">The address; null with bytes.</param>
internal readonly record struct AnalyzableImage(ReadOnlyMemory<byte> Bytes, Uri? Blob)
{
    /// <summary>Most bytes of an image.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const string Base64 = ";base64,";

    /// <summary>The image of a segment; null when Azure cannot be shown it, which the policy's <c>uninspected</c> then decides about.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="settings">Says which blobs Azure may be pointed to: it fetches no other addresses.</param>
    /// <exception cref="UninspectableContentException">The image is too large, or its data URL is broken.</exception>
    public static AnalyzableImage? Of(Segment segment, ContentSafetySettings settings)
    {
        if (!segment.Bytes.IsEmpty)
        {
            return Checked(segment.Bytes);
        }

        return segment.Uri switch
        {
            { IsAbsoluteUri: true, Scheme: "data" } data => Checked(Decode(data.OriginalString)),
            { IsAbsoluteUri: true, Scheme: "https" } uri when settings.BlobHosts.Contains(uri.Host) => new AnalyzableImage(default, uri),
            _ => null,
        };
    }

    private static AnalyzableImage Checked(ReadOnlyMemory<byte> bytes) =>
        bytes.Length <= MaxBytes ? new AnalyzableImage(bytes, null) : throw new UninspectableContentException(FailureReasons.LimitExceeded);

    private static byte[] Decode(string url)
    {
        var start = url.IndexOf(Base64, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            throw new UninspectableContentException(FailureReasons.Undecodable);
        }

        try
        {
            return Convert.FromBase64String(url[(start + Base64.Length)..]);
        }
        catch (FormatException)
        {
            throw new UninspectableContentException(FailureReasons.Undecodable);
        }
    }
}
