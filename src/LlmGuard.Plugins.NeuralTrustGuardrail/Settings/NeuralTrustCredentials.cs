namespace LlmGuard.Plugins.NeuralTrustGuardrail.Settings;

/// <summary>How to prove who asks; at most one of the three.</summary>
/// <param name="Token">A token or API key that is sent as it is.</param>
/// <param name="SigningKey">The firewall's secret, with which tokens of an hour are signed here.</param>
/// <param name="Client">The client of a collector, exchanged for tokens.</param>
internal sealed record NeuralTrustCredentials(GuardrailSecret? Token, GuardrailSecret? SigningKey, CollectorClient? Client);

/// <summary>The client of a collector.</summary>
/// <param name="Id">The client id.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="CollectorId">The collector.</param>
/// <param name="GatewayId">The gateway.</param>
internal sealed record CollectorClient(string Id, GuardrailSecret Secret, Guid CollectorId, string GatewayId)
{
    /// <summary>What tells this client from others. Only a keyed hash of it is stored.</summary>
    public string Identity(Uri endpoint) => $"{endpoint}\n{Id}\n{CollectorId}\n{GatewayId}\n{Secret.Reveal()}";
}
