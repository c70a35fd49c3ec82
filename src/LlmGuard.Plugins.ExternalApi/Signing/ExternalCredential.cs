using LlmGuard.Remote.Credentials;

namespace LlmGuard.Plugins.ExternalApi.Signing;

/// <summary>The configured headers and the signature. Each attempt is signed anew, with its own time.</summary>
internal sealed class ExternalCredential(IReadOnlyList<SecretHeader> headers, GuardrailSecret? signingKey, TimeProvider time) : IJudgeCredential
{
    public string Identity => string.Join('\n', headers.Select(static h => $"{h.Name}: {h.Value.Reveal()}").Append(signingKey?.Reveal()));

    public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        foreach (var header in headers)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value.Reveal());
        }

        if (signingKey is not null)
        {
            RequestSignature.Sign(request, body.Span, signingKey, time.GetUtcNow());
        }

        return default;
    }
}
