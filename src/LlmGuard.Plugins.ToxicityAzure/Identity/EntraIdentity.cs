using System.Collections.Concurrent;
using Azure.Core;
using LlmGuard.Remote.Credentials;
using AccessToken = LlmGuard.Remote.Credentials.AccessToken;
using JudgeToken = LlmGuard.Remote.Credentials.TokenCredential;
using TokenCredential = Azure.Core.TokenCredential;

namespace LlmGuard.Plugins.ToxicityAzure.Identity;

/// <summary>The identity an application registered, and its tokens, which all entries share. Thread-safe.</summary>
/// <param name="credential">Hands out tokens.</param>
/// <param name="time">The clock.</param>
internal sealed class EntraIdentity(TokenCredential credential, TimeProvider time)
{
    // As many as policies name, which is one or two.
    private readonly ConcurrentDictionary<string, AccessTokens> _tokens = new(StringComparer.Ordinal);

    /// <summary>The proof for requests within a scope.</summary>
    /// <param name="scope">For example <c>https://cognitiveservices.azure.com/.default</c>.</param>
    public IJudgeCredential For(string scope) =>
        new JudgeToken("entra_id " + scope, _tokens.GetOrAdd(scope, s => new AccessTokens(token => AcquireAsync(s, token), time)));

    private async Task<AccessToken> AcquireAsync(string scope, CancellationToken cancellationToken)
    {
        var token = await credential.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken).ConfigureAwait(false);
        return new AccessToken(token.Token, token.ExpiresOn);
    }
}
