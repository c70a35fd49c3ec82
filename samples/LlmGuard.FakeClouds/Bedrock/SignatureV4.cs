using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Bedrock;

/// <summary>
/// AWS Signature Version 4 as its specification describes it, for checking the signatures of requests. Shares nothing with the AWS SDK, which
/// makes them.
/// </summary>
internal static class SignatureV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request as it arrived.</param>
    /// <param name="identity">Who may ask.</param>
    /// <param name="region">The service's region.</param>
    /// <param name="service">The service's name in signatures.</param>
    /// <param name="now">The time.</param>
    /// <returns>The error AWS answers with, or null when the signature is right.</returns>
    public static AwsError? Check(FakeRequest request, AwsIdentity identity, string region, string service, DateTimeOffset now)
    {
        if (request.Header("Authorization") is not { } authorization)
        {
            return new AwsError(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        }

        if (Parts(authorization) is not { } parts)
        {
            return Incomplete("Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
        }

        var (credential, names, signature) = parts;
        if (credential is not [var key, var day, var scopeRegion, var scopeService, "aws4_request"])
        {
            return Incomplete("Credential must have exactly 5 slash-delimited elements.");
        }

        if (key != identity.AccessKey || request.Header("X-Amz-Security-Token") != identity.SessionToken)
        {
            return new AwsError(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        if (request.Header("X-Amz-Date") is not { } stamp || !DateTimeOffset.TryParseExact(stamp, TimeFormat, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time))
        {
            return Incomplete("Date must be in ISO-8601 'basic format'.");
        }

        if ((now - time).Duration() > Skew || !stamp.StartsWith(day, StringComparison.Ordinal))
        {
            return Mismatch($"Signature expired: {stamp}");
        }

        if (scopeRegion != region || scopeService != service)
        {
            return Mismatch($"Credential should be scoped to a valid region and service: {scopeRegion}/{scopeService}");
        }

        if (MustBeSigned(request, identity).FirstOrDefault(n => !names.Contains(n, StringComparer.Ordinal)) is { } unsigned)
        {
            return Mismatch($"'{unsigned}' must be a 'SignedHeader' in the AWS Authorization.");
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(request.Body));
        if (request.Header("X-Amz-Content-SHA256") is { } claimed && claimed != digest)
        {
            return Mismatch("The provided 'x-amz-content-sha256' header does not match what was computed.");
        }

        var canonical = Canonical(request.Method, request.RawTarget, n => request.Header(n) ?? "", names, digest);
        var expected = Sign(identity.SecretKey, stamp, day, region, service, canonical);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature))
            ? null
            : Mismatch(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and "
                    + "signing method.");
    }

    /// <summary>The canonical request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">Path and query as on the wire.</param>
    /// <param name="header">The value of a header.</param>
    /// <param name="names">The signed headers: lower case, sorted.</param>
    /// <param name="digest">The hash of the body.</param>
    public static string Canonical(string method, string target, Func<string, string> header, IReadOnlyList<string> names, string digest)
    {
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        var text = new StringBuilder(method).Append('\n');

        // Every service but S3 encodes what is on the wire once more.
        text.Append(path.Length == 0 ? "/" : string.Join('/', path.Split('/').Select(s => Encode(Encoding.UTF8.GetBytes(s))))).Append('\n');
        text.Append(query < 0 ? "" : CanonicalQuery(target[(query + 1)..])).Append('\n');
        foreach (var name in names)
        {
            text.Append(name).Append(':').Append(Trimmed(header(name))).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', names).Append('\n').Append(digest).ToString();
    }

    /// <summary>The signature of a canonical request.</summary>
    public static string Sign(string secret, string stamp, string day, string region, string service, string canonical)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var text = $"{Algorithm}\n{stamp}\n{day}/{region}/{service}/aws4_request\n{hash}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var step in new[] { day, region, service, "aws4_request" })
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static (string[] Credential, string[] Names, string Signature)? Parts(string authorization)
    {
        if (!authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            return null;
        }

        var members = authorization[(Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries).Select(m => m.Split('=', 2)).ToArray();
        return members is [["Credential", var credential], ["SignedHeaders", var names], ["Signature", var signature]]
            ? (credential.Split('/'), names.Split(';'), signature)
            : null;
    }

    private static IEnumerable<string> MustBeSigned(FakeRequest request, AwsIdentity identity) =>
        ["host", "content-type", .. request.Headers.Keys.Select(k => k.ToLowerInvariant()).Where(k =>
            k.StartsWith("x-amz-", StringComparison.Ordinal)), .. identity.SessionToken is null ? Array.Empty<string>() : ["x-amz-security-token"]];

    private static string CanonicalQuery(string query) => string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('=', 2))
        .Select(p => (Name: Reencode(p[0]), Value: Reencode(p.ElementAtOrDefault(1) ?? "")))
        .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal)
        .Select(p => $"{p.Name}={p.Value}"));

    private static string Reencode(string text) => Encode(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(text)));

    private static string Encode(byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    private static string Trimmed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static AwsError Incomplete(string message) => new(400, "IncompleteSignatureException", message);

    private static AwsError Mismatch(string message) => new(403, "InvalidSignatureException", message);
}

/// <summary>Somebody AWS knows.</summary>
/// <param name="AccessKey">The name of the key.</param>
/// <param name="SecretKey">The key.</param>
/// <param name="SessionToken">The token that goes with it; null for a key without end.</param>
internal sealed record AwsIdentity(string AccessKey, string SecretKey, string? SessionToken = null);

/// <summary>An error as AWS answers with it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The error's name.</param>
/// <param name="Message">Its message.</param>
internal sealed record AwsError(int Status, string Code, string Message);
