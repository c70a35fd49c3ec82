using System.Security.Claims;
using LlmGuard.Identity;
using LlmGuard.Policy;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Identity;

/// <summary>Finds out who sent a request, as far as the policy wants to know.</summary>
internal sealed class CallerIdentification(IPolicyProvider policy, IServiceProvider services)
{
    private readonly bool _hasAuthentication = services.GetService<IAuthenticationSchemeProvider>() is not null;

    /// <summary>Checks that somebody can say who calls, if the policy asks.</summary>
    /// <exception cref="InvalidOperationException">Nobody can.</exception>
    public void ThrowIfNoSource()
    {
        using var lease = policy.Acquire();
        if (lease.Document is { } document && NamesCallers(document) && !_hasAuthentication && !TrustsHeaders(document.Identity))
        {
            throw new InvalidOperationException(
                "The policy has consumers or consumer groups and nothing identifies callers. Add authentication (services.AddAuthentication()), "
                + "or name the headers that something in front of the application sets in \"identity\": { \"trusted_headers\": { } }.");
        }
    }

    /// <summary>The caller: as the application says, else as the authenticated principal and trusted headers say.</summary>
    /// <exception cref="InvalidOperationException">The policy has consumers or groups, and authentication has not run yet.</exception>
    public GuardrailCaller Identify(HttpContext context, PolicyLease revision)
    {
        if (GuardrailCaller.Current is { } named)
        {
            return named;
        }

        if (revision.Document is not { } document)
        {
            return GuardrailCaller.Anonymous;
        }

        // Without consumers and groups nobody has to be known; who is known has limits and a vault of his own all the same.
        if (NamesCallers(document) && (_hasAuthentication ? !HasAuthenticated(context) : !TrustsHeaders(document.Identity)))
        {
            throw new InvalidOperationException(
                "The policy has consumers or consumer groups, and authentication had not run when the guardrails did. "
                + "Call app.UseAuthentication() before app.UseAiGuardrails().");
        }

        return Resolve(context, document.Identity);
    }

    /// <summary>The caller as principal and trusted headers say.</summary>
    public static GuardrailCaller Resolve(HttpContext context, IdentityPolicy identity)
    {
        // HttpContext.User would make a principal where nobody has set one.
        var principal = context.Features.Find<IHttpAuthenticationFeature>()?.User;
        return principal is null && !TrustsHeaders(identity) ? GuardrailCaller.Anonymous : Resolve(principal, context.Request.Headers, identity);
    }

    private static GuardrailCaller Resolve(ClaimsPrincipal? principal, IHeaderDictionary headers, IdentityPolicy identity) =>
        CallerResolution.FromClaims(
            principal,
            identity,
            name => headers.TryGetValue(name, out var values) ? string.Join(',', values.OfType<string>()) : null);

    /// <summary>Whether the policy itself depends on who calls.</summary>
    public static bool NamesCallers(PolicyDocument document) => document.Consumers.Length > 0 || document.ConsumerGroups.Length > 0;

    private static bool TrustsHeaders(IdentityPolicy identity) =>
        identity.TrustedConsumerHeader is not null || identity.TrustedGroupsHeader is not null;

    /// <summary>Whether the authentication middleware, authorization or a middleware of the application has set the principal.</summary>
    private static bool HasAuthenticated(HttpContext context) =>
        context.Features.Find<IAuthenticationFeature>() is not null
        || context.Features.Find<IAuthenticateResultFeature>() is not null
        || context.User.Identities.Any(static identity => identity.IsAuthenticated);
}
