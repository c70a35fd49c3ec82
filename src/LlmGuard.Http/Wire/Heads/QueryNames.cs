using System.Collections.Frozen;

namespace LlmGuard.Http.Wire.Heads;

/// <summary>What kind of thing a query parameter is, by its decoded name.</summary>
internal static class QueryNames
{
    private static readonly FrozenSet<string> Credentials = FrozenSet.ToFrozenSet(
        ["key", "apikey", "api_key", "api-key", "auth", "code", "sig", "signature", "token", "password", "secret", "jwt", "hmac"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] CredentialParts =
        ["token", "secret", "api-key", "api_key", "apikey", "password", "signature", "credential", "subscription-key", "access-key"];

    public static bool IsCredential(string name)
    {
        if (Credentials.Contains(name) || IsSigned(name))
        {
            return true;
        }

        foreach (var part in CredentialParts)
        {
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A parameter of a signed URL, under which nothing of the query may change.</summary>
    public static bool IsSigned(string name) =>
        name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("x-goog-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("sig", StringComparison.OrdinalIgnoreCase)
        || name.Equals("signature", StringComparison.OrdinalIgnoreCase);
}
