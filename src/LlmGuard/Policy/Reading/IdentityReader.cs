using System.Collections.Immutable;

namespace LlmGuard.Policy.Reading;

/// <summary>Reads the <c>identity</c> of a document.</summary>
internal static class IdentityReader
{
    public static IdentityPolicy Read(GuardrailSettings s)
    {
        var headers = s.Object("trusted_headers");
        return new IdentityPolicy
        {
            ConsumerClaims = Claims(s, "consumer_claims", IdentityPolicy.Default.ConsumerClaims),
            GroupClaims = Claims(s, "group_claims", IdentityPolicy.Default.GroupClaims),
            TrustedConsumerHeader = Header(headers, "consumer"),
            TrustedGroupsHeader = Header(headers, "groups"),
            RefuseUnidentified = s.Choice("unidentified", false, new("gateway_only", false), new("refuse", true)),
        };
    }

    private static ImmutableArray<string> Claims(GuardrailSettings s, string key, ImmutableArray<string> defaults)
    {
        var isGiven = s.Has(key);
        var claims = s.Strings(key);
        if (claims.Contains(""))
        {
            s.Problem(key, "a claim's name must not be empty");
        }

        return isGiven ? [.. claims] : defaults;
    }

    private static string? Header(GuardrailSettings s, string key)
    {
        var name = s.OptionalString(key);
        if (name is not null && !PolicyWords.IsHttpToken(name))
        {
            s.Problem(key, "expected the name of an HTTP header");
        }

        return name;
    }
}
