using System.Text.Json;
using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary>Exchanges the client of a collector for a token at <c>POST /v1/token</c>. Thread-safe.</summary>
internal sealed class CollectorTokens(JudgeRuntime runtime, JudgeSettings settings, CollectorClient client)
{
    // A token of less would be asked for with nearly every call.
    private const int MinLifetimeSeconds = 60;

    private readonly TokenExchange _exchange = new(runtime, settings, new Uri(settings.Endpoint, "v1/token"), body => Write(body, client), Read);

    public Task<AccessToken> AcquireAsync(CancellationToken cancellationToken) => _exchange.AcquireAsync(cancellationToken);

    private static void Write(Utf8JsonWriter body, CollectorClient client)
    {
        body.WriteStartObject();
        body.WriteString("grant_type"u8, "client_credentials"u8);
        body.WriteString("client_id"u8, client.Id);
        body.WriteString("client_secret"u8, client.Secret.Reveal());
        body.WriteString("scope"u8, "platform"u8);
        body.WriteString("collector_id"u8, client.CollectorId.ToString("D"));
        body.WriteString("gateway_id"u8, client.GatewayId);
        body.WriteEndObject();
    }

    private static AccessToken Read(JsonElement answer, DateTimeOffset now)
    {
        var type = answer.Optional("token_type")?.Text();
        if (type is not null && !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw new UnusableAnswerException();
        }

        var seconds = Math.Max(MinLifetimeSeconds, answer.Required("expires_in").Number(0, int.MaxValue));
        return new AccessToken(TokenExchange.ValueOf(answer.Required("access_token")), now.AddSeconds(seconds));
    }
}
