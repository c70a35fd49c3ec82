namespace LlmGuard.Plugins.NeuralTrustGuardrail.Settings;

/// <summary>Reads the credentials and refuses those an interface has no use for.</summary>
internal static class CredentialReading
{
    public static NeuralTrustCredentials Read(
        GuardrailSettings settings,
        GuardrailSettings legacy,
        Uri endpoint,
        NeuralTrustApi api,
        string? gatewayId)
    {
        var token = ReadToken(settings, legacy, endpoint);

        // Never sent, but the tokens signed with it are: whoever gets one can ask in its name.
        var signingKey = settings.Secret("signing_key", endpoint);
        var clientId = settings.OptionalString("client_id");
        var clientSecret = settings.Secret("client_secret", endpoint);
        var collector = settings.Parsed<Guid?>(
            "collector_id",
            static text => Guid.TryParse(text, out var id) ? id : throw new FormatException("expected a UUID"),
            null);
        RefuseForeign(settings, api, token is not null);
        if (api == NeuralTrustApi.Evaluate)
        {
            return new NeuralTrustCredentials(null, null, ReadClient(settings, clientId, clientSecret, collector, gatewayId));
        }

        if (token is not null && signingKey is not null)
        {
            settings.Problem("signing_key", "is another way to prove who asks than \"token\": give one of them");
        }

        if (token is null && signingKey is null)
        {
            settings.Problem("token", api == NeuralTrustApi.Firewall ? "is required, or \"signing_key\"" : "is required: the collector's API key");
        }

        return new NeuralTrustCredentials(NonEmpty(settings, "token", token), NonEmpty(settings, "signing_key", signingKey), null);
    }

    private static GuardrailSecret? ReadToken(GuardrailSettings settings, GuardrailSettings legacy, Uri endpoint)
    {
        var older = legacy.Secret("token", endpoint);
        var token = settings.Secret("token", endpoint);
        if (older is not null && token is not null)
        {
            legacy.Problem("token", "is another name of \"token\" beside \"credentials\": give one of them");
        }

        return token ?? older;
    }

    private static void RefuseForeign(GuardrailSettings settings, NeuralTrustApi api, bool hasToken)
    {
        if (api == NeuralTrustApi.Evaluate && hasToken)
        {
            settings.Problem("token", "\"evaluate\" takes \"client_id\" and \"client_secret\", which are exchanged for tokens");
        }

        settings.RefuseIdle(api != NeuralTrustApi.Firewall, "unless \"api\" is \"firewall\"", "signing_key");
        settings.RefuseIdle(api != NeuralTrustApi.Evaluate, "unless \"api\" is \"evaluate\"", "client_id", "client_secret", "collector_id");
    }

    private static CollectorClient? ReadClient(GuardrailSettings settings, string? id, GuardrailSecret? secret, Guid? collector, string? gatewayId)
    {
        var missing = false;
        foreach (var (key, isThere) in (ReadOnlySpan<(string, bool)>)
            [("client_id", id is { Length: > 0 }), ("client_secret", secret is { IsEmpty: false }),
                ("collector_id", collector is not null || settings.Has("collector_id")), ("gateway_id", gatewayId is { Length: > 0 })])
        {
            if (!isThere)
            {
                missing = true;
                settings.Problem(key, "is required by \"api\": \"evaluate\"");
            }
        }

        return missing || collector is null ? null : new CollectorClient(id!, secret!, collector.Value, gatewayId!);
    }

    private static GuardrailSecret? NonEmpty(GuardrailSettings settings, string key, GuardrailSecret? secret)
    {
        if (secret is { IsEmpty: true })
        {
            settings.Problem(key, "must not be empty");
        }

        return secret;
    }
}
