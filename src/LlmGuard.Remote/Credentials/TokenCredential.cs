using System.Net.Http.Headers;

namespace LlmGuard.Remote.Credentials;

/// <summary>A bearer token that is acquired, refreshed and, when the judge refuses it, acquired anew once.</summary>
/// <param name="identity">What tells this identity from others: client id, tenant, scope.</param>
/// <param name="tokens">The tokens.</param>
internal sealed class TokenCredential(string identity, AccessTokens tokens) : IJudgeCredential
{
    public string Identity => identity;

    public async ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
    }

    public bool TryRenew(HttpRequestMessage rejected)
    {
        if (rejected.Headers.Authorization?.Parameter is not { } token)
        {
            return false;
        }

        tokens.Reject(token);
        return true;
    }
}
