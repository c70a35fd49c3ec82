using System.Security.Claims;
using LlmGuard.Policy;

namespace LlmGuard.Identity;

/// <summary>Finds out who calls, for the seams that meet principals and headers.</summary>
internal static class CallerResolution
{
    // Token handlers that rename claims on arrival ("sub" to a URI) keep the name of the token in this property.
    private const string ShortTypeName = "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/ShortTypeName";

    /// <summary>
    /// The caller as the authenticated identities of a principal claim it, completed by headers the policy trusts. Claims go first: a trusted
    /// header names the consumer only when no claim does, and adds groups after those of the claims.
    /// </summary>
    /// <param name="principal">The principal, or null; identities that are not authenticated count for nothing.</param>
    /// <param name="policy">Which claims and headers count.</param>
    /// <param name="header">Reads a request header, several values joined by commas; asked only for headers the policy trusts.</param>
    public static GuardrailCaller FromClaims(ClaimsPrincipal? principal, IdentityPolicy policy, Func<string, string?> header)
    {
        if (policy is { TrustedConsumerHeader: null, TrustedGroupsHeader: null } && principal?.Identities.Any(static i => i.IsAuthenticated) != true)
        {
            return GuardrailCaller.Anonymous;
        }

        List<Claim> claims = principal is null ? [] : [.. principal.Identities.Where(i => i.IsAuthenticated).SelectMany(i => i.Claims)];
        var consumer = policy.ConsumerClaims.Select(type => First(claims, type)).FirstOrDefault(c => c is not null)
            ?? ConsumerHeader(policy.TrustedConsumerHeader is { } name ? header(name) : null);

        var groups = new List<string>();
        foreach (var claim in claims)
        {
            if (policy.GroupClaims.Any(type => Is(claim, type)))
            {
                AddGroup(groups, claim.Value);
            }
        }

        if (policy.TrustedGroupsHeader is { } groupsHeader && header(groupsHeader) is { } list)
        {
            foreach (var group in list.Split(',', StringSplitOptions.TrimEntries))
            {
                AddGroup(groups, group);
            }
        }

        return consumer is null && groups.Count == 0 ? GuardrailCaller.Anonymous : new GuardrailCaller(consumer, groups);
    }

    private static string? First(List<Claim> claims, string type) => claims.Find(c => Is(c, type) && !string.IsNullOrWhiteSpace(c.Value))?.Value;

    private static bool Is(Claim claim, string type) =>
        claim.Type == type || (claim.Properties.TryGetValue(ShortTypeName, out var name) && name == type);

    // Several values name nobody: one of them may have been added by the client.
    private static string? ConsumerHeader(string? value) =>
        string.IsNullOrWhiteSpace(value) || value.Contains(',', StringComparison.Ordinal) ? null : value.Trim();

    private static void AddGroup(List<string> groups, string group)
    {
        if (!string.IsNullOrWhiteSpace(group) && !groups.Contains(group, StringComparer.Ordinal))
        {
            groups.Add(group);
        }
    }
}
