using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace LlmGuard.Gateway.ApiKeys;

/// <summary>Keys and their holders.</summary>
internal sealed class ApiKeyOptions : AuthenticationSchemeOptions
{
    public Dictionary<string, KeyHolder> Holders { get; } = new(StringComparer.Ordinal);
}

/// <summary>
/// Authenticates <c>Authorization: Bearer</c> and <c>X-Api-Key</c>. A key of this gateway is not sent on; any other credential is the upstream's.
/// </summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<ApiKeyOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<ApiKeyOptions>(options, logger, encoder)
{
    public new const string Scheme = "ApiKey";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        const string bearer = "Bearer ";
        string? authorization = Request.Headers.Authorization;
        if (authorization is not null && authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase)
            && Find(authorization[bearer.Length..].Trim()) is { } byBearer)
        {
            Request.Headers.Remove("Authorization");
            return Task.FromResult(Ticket(byBearer));
        }

        if (Request.Headers["X-Api-Key"] is [{ } key] && Find(key) is { } byKey)
        {
            Request.Headers.Remove("X-Api-Key");
            return Task.FromResult(Ticket(byKey));
        }

        return Task.FromResult(AuthenticateResult.NoResult());
    }

    private KeyHolder? Find(string key) => Options.Holders.GetValueOrDefault(ApiKeyServiceCollectionExtensions.Hash(key));

    private static AuthenticateResult Ticket(KeyHolder holder)
    {
        var identity = new ClaimsIdentity(Scheme);
        identity.AddClaim(new Claim("client_id", holder.Consumer));
        identity.AddClaims((holder.Groups ?? []).Select(static group => new Claim("groups", group)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme));
    }
}
