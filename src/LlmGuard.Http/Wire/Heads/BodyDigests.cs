using System.Security.Cryptography;

namespace LlmGuard.Http.Wire.Heads;

/// <summary>
/// Digests of a body that need no key. Once the body changes, <c>Content-MD5</c>, <c>Digest</c>, <c>Content-Digest</c> and <c>Repr-Digest</c> are
/// computed anew; where none of the named algorithms is known the header is removed, and so is <c>ETag</c>.
/// </summary>
internal static class BodyDigests
{
    /// <summary>The header changes that go with a new body. Also to be applied when an encoded body is sent on decoded.</summary>
    public static List<KeyValuePair<string, string?>> Update(IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body)
    {
        var changes = new List<KeyValuePair<string, string?>>();
        foreach (var (name, value) in headers)
        {
            if (HeaderNames.IsDigest(name) && !changes.Exists(change => change.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                changes.Add(new(name, Compute(name, value, body)));
            }
        }

        return changes;
    }

    private static string? Compute(string name, string value, ReadOnlySpan<byte> body)
    {
        if (name.Equals("content-md5", StringComparison.OrdinalIgnoreCase))
        {
            // Protects nothing here: RFC 1864 defines the header for this algorithm alone.
#pragma warning disable CA5351
            return Convert.ToBase64String(MD5.HashData(body));
#pragma warning restore CA5351
        }

        if (name.Equals("etag", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // "Digest: SHA-256=<base64>" (RFC 3230) became "Content-Digest: sha-256=:<base64>:" (RFC 9530).
        var isOld = name.Equals("digest", StringComparison.OrdinalIgnoreCase);
        var digests = new List<string>();
        foreach (var member in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var algorithm = member.Split('=')[0];
            var hash = algorithm.ToUpperInvariant() switch
            {
                "SHA-256" => SHA256.HashData(body),
                "SHA-512" => SHA512.HashData(body),
                _ => null,
            };
            if (hash is not null)
            {
                var text = Convert.ToBase64String(hash);
                digests.Add(isOld ? $"{algorithm}={text}" : $"{algorithm}=:{text}:");
            }
        }

        return digests.Count == 0 ? null : string.Join(", ", digests);
    }
}
