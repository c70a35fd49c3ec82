using System.Collections.Frozen;

namespace LlmGuard.Http.Wire.Heads;

/// <summary>What kind of thing a header is, by its name.</summary>
internal static class HeaderNames
{
    /// <summary>Headers between the endpoints of a connection, or about the shape of the body. Never segments and never set by a plugin.</summary>
    private static readonly FrozenSet<string> Framing = FrozenSet.ToFrozenSet(
        [
            "accept-encoding", "accept-ranges", "age", "alt-svc", "connection", "content-encoding", "content-length", "content-range",
            "content-type", "date", "expect", "forwarded", "host", "http2-settings", "keep-alive", "proxy-connection", "range",
            "sec-websocket-accept", "sec-websocket-extensions", "sec-websocket-key", "sec-websocket-protocol", "sec-websocket-version", "te",
            "trailer", "transfer-encoding", "upgrade", "via", "x-guardrail-id", "x-should-retry",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Digests = FrozenSet.ToFrozenSet(
        ["content-md5", "digest", "content-digest", "repr-digest", "etag"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Parts of names that only credentials have.</summary>
    private static readonly string[] CredentialParts =
    [
        "authorization", "token", "secret", "api-key", "apikey", "api_key", "password", "credential", "cookie", "jwt", "subscription-key",
        "access-key", "functions-key", "private-key", "client-cert", "oidc",
    ];

    public static bool IsFraming(string name) => name.StartsWith(':') || Framing.Contains(name);

    /// <summary>A digest of the body that needs no key. Meaningless as text, and stale once the body changes.</summary>
    public static bool IsDigest(string name) => Digests.Contains(name);

    public static bool IsCredential(string name) => ContainsAny(name, CredentialParts) || IsSignature(name);

    /// <summary>A signature or keyed digest over the message.</summary>
    public static bool IsSignature(string name) =>
        name.Contains("signature", StringComparison.OrdinalIgnoreCase)
        || name.Contains("hmac", StringComparison.OrdinalIgnoreCase)
        || name.Equals("x-amz-content-sha256", StringComparison.OrdinalIgnoreCase);

    private static bool ContainsAny(string name, string[] parts)
    {
        foreach (var part in parts)
        {
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
