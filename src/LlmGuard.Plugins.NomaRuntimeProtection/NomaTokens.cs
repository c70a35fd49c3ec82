using System.Text.Json;
using LlmGuard.Plugins.NomaRuntimeProtection.Diagnostics;
using LlmGuard.Plugins.NomaRuntimeProtection.Settings;
using LlmGuard.Remote;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NomaRuntimeProtection;

/// <summary>Exchanges client id and secret for a token, in Noma's own form of it, and says why when that fails. Thread-safe.</summary>
internal sealed class NomaTokens(JudgeRuntime runtime, ClientCredentials client, Symptoms symptoms)
{
    // Sources say 300 s and 3600 s for an answer that does not tell.
    private const int DefaultLifetimeSeconds = 300;

    private readonly TokenExchange _exchange = new(runtime, client.Judge, client.TokenUrl, body => Write(body, client), Read);

    public async Task<AccessToken> AcquireAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _exchange.AcquireAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TokenRefusedException refused)
        {
            symptoms.TokenRefused(refused.Status);
            throw;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            symptoms.TokenUnreachable();
            throw;
        }
    }

    private static void Write(Utf8JsonWriter body, ClientCredentials client)
    {
        body.WriteStartObject();
        body.WriteString("clientId"u8, client.Id);
        body.WriteString("secret"u8, client.Secret.Reveal());
        body.WriteEndObject();
    }

    private static AccessToken Read(JsonElement answer, DateTimeOffset now)
    {
        var value = TokenExchange.ValueOf(answer.Required("accessToken"));
        var seconds = (answer.Optional("expiresIn") ?? answer.Optional("expires_in"))?.Number(0, int.MaxValue) ?? DefaultLifetimeSeconds;
        return new AccessToken(value, now.AddSeconds(seconds));
    }
}
