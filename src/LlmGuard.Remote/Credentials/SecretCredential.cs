using System.Net.Http.Headers;

namespace LlmGuard.Remote.Credentials;

/// <summary>A fixed secret in a header: <c>Authorization: Bearer</c>, or the value of a header of its own.</summary>
/// <param name="secret">The secret.</param>
/// <param name="header">The header; null for a bearer token.</param>
internal sealed class SecretCredential(GuardrailSecret secret, string? header = null) : IJudgeCredential
{
    public string Identity => secret.Reveal();

    public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (header is null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret.Reveal());
        }
        else
        {
            request.Headers.Add(header, secret.Reveal());
        }

        return default;
    }
}
