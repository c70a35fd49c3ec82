using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LlmGuard.Remote.Credentials;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Firewall;

/// <summary>
/// Tokens of the firewall that are made here: a JWT of an hour, signed with the firewall's secret (HS256), in the header <c>Token</c>. Thread-safe.
/// </summary>
/// <param name="key">The secret.</param>
/// <param name="time">The clock.</param>
internal sealed class FirewallTokenCredential(GuardrailSecret key, TimeProvider time) : IJudgeCredential
{
    public const string Header = "Token";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly AccessTokens _tokens = new(_ => Task.FromResult(Sign(key, time.GetUtcNow())), time);

    public string Identity => key.Reveal();

    public async ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var token = await _tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        request.Headers.Add(Header, token.Value);
    }

    public bool TryRenew(HttpRequestMessage rejected)
    {
        if (!rejected.Headers.TryGetValues(Header, out var values))
        {
            return false;
        }

        _tokens.Reject(values.First());
        return true;
    }

    private static AccessToken Sign(GuardrailSecret key, DateTimeOffset now)
    {
        var claims = new MemoryStream();
        using (var json = new Utf8JsonWriter(claims))
        {
            json.WriteStartObject();
            json.WriteString("purpose"u8, "firewall"u8);
            json.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
            json.WriteNumber("exp"u8, (now + Lifetime).ToUnixTimeSeconds());
            json.WriteEndObject();
        }

        var signed = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8) + "." + Base64Url.EncodeToString(claims.ToArray());
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal()), Encoding.ASCII.GetBytes(signed));
        return new AccessToken(signed + "." + Base64Url.EncodeToString(signature), now + Lifetime);
    }
}
