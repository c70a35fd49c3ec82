using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.External;

/// <summary>Verifies a request's signature as the README tells a service to; shares no code with the plugin.</summary>
internal static class WebhookSignature
{
    private const int ToleranceSeconds = 300;

    /// <summary>What is wrong with the signature; null when it is right.</summary>
    public static string? ProblemOf(FakeRequest request, string key, DateTimeOffset now)
    {
        var timestamp = request.Header("X-Guardrail-Timestamp");
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return "no timestamp";
        }

        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > ToleranceSeconds)
        {
            return "an old timestamp";
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes("v1\n" + timestamp + "\n" + request.Method + "\n" + request.RawTarget + "\n"), .. request.Body];
        var expected = "v1=" + Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed)).ToLowerInvariant();
        var given = request.Header("X-Guardrail-Signature") ?? "";
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(given)) ? null : "a wrong signature";
    }
}
