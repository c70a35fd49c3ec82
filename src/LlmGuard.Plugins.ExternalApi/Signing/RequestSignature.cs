using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Plugins.ExternalApi.Signing;

/// <summary>
/// The signature of a request: HMAC-SHA256 under the key over <c>v1</c>, the time in Unix seconds, the method and the target (path and query as
/// sent), each followed by a line feed, and the body's bytes.
/// </summary>
internal static class RequestSignature
{
    public const string TimestampHeader = "X-Guardrail-Timestamp";

    public const string SignatureHeader = "X-Guardrail-Signature";

    private const int MinKeyBytes = 16;

    /// <summary>Reads <c>signing.secret</c>; null when requests are not signed.</summary>
    public static GuardrailSecret? ReadKey(GuardrailSettings settings, Uri endpoint)
    {
        var signing = settings.Object("signing");
        var key = signing.Secret("secret", endpoint, required: settings.Has("signing"));
        if (key is { IsEmpty: false } && Encoding.UTF8.GetByteCount(key.Reveal()) < MinKeyBytes)
        {
            signing.Problem("secret", $"a key has at least {MinKeyBytes} bytes");
        }

        return key;
    }

    /// <summary>Signs a request.</summary>
    /// <param name="request">The request, with its final method and address.</param>
    /// <param name="body">Its body.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">The time.</param>
    public static void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, GuardrailSecret key, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key.Reveal()));
        hmac.AppendData(Encoding.UTF8.GetBytes($"v1\n{timestamp}\n{request.Method.Method}\n{request.RequestUri!.PathAndQuery}\n"));
        hmac.AppendData(body);
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, "v1=" + Convert.ToHexStringLower(hmac.GetHashAndReset()));
    }
}
