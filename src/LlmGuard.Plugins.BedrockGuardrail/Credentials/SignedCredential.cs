using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Signing;
using LlmGuard.Remote.Credentials;

namespace LlmGuard.Plugins.BedrockGuardrail.Credentials;

/// <summary>Signature Version 4 by the AWS SDK, anew for every attempt.</summary>
/// <param name="identity">What tells these credentials from others.</param>
/// <param name="obtain">Where the credentials come from. What it throws is not kept.</param>
/// <param name="region">The region the signature is for.</param>
/// <param name="time">The clock.</param>
internal sealed class SignedCredential(string identity, Func<AWSCredentials> obtain, string region, TimeProvider time) : IJudgeCredential
{
    /// <summary>The service's name in signatures, which is not that of its host.</summary>
    public const string Service = "bedrock";

    private readonly Lazy<AWSCredentials> _credentials = new(obtain, LazyThreadSafetyMode.PublicationOnly);

    private readonly RegionEndpoint _region = RegionEndpoint.GetBySystemName(region);

    public string Identity => identity;

    public async ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var signing = new AWSSigningRequest { HttpMethod = request.Method, RequestUri = request.RequestUri };
        signing.Headers["content-type"] = request.Content?.Headers.ContentType?.ToString() ?? "application/json";

        // The digest instead of the body, of which the signer would need a copy.
        signing.Headers["x-amz-content-sha256"] = Convert.ToHexStringLower(SHA256.HashData(body.Span));
        var parameters = new AWSSigV4Parameters
        {
            Credentials = _credentials.Value,
            Region = _region,
            Service = Service,
            SignedAt = time.GetUtcNow().UtcDateTime,
        };
        var signed = await AWSSigV4Signer.SignAsync(signing, parameters, cancellationToken).ConfigureAwait(false);
        foreach (var (name, value) in signed.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
