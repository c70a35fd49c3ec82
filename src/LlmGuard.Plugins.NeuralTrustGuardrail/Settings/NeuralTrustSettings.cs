using LlmGuard.Remote;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Settings;

/// <summary>The settings of one entry. Immutable.</summary>
internal sealed record NeuralTrustSettings
{
    public required JudgeSettings Judge { get; init; }

    public NeuralTrustApi Api { get; init; }

    public required NeuralTrustCredentials Credentials { get; init; }

    /// <summary>What the firewall is asked; null for the newer interfaces.</summary>
    public FirewallChecks? Firewall { get; init; }

    /// <summary>Whether images and files are sent along.</summary>
    public bool Attachments { get; init; }

    /// <summary>The gateway's id; null when it is not told.</summary>
    public string? GatewayId { get; init; }

    /// <summary>The header that names the conversation; null for none.</summary>
    public string? SessionHeader { get; init; }

    public required MessageTemplate Message { get; init; }

    public static NeuralTrustSettings Read(GuardrailSettings settings)
    {
        var api = settings.Choice(
            "api",
            NeuralTrustApi.Firewall,
            KeyValuePair.Create("firewall", NeuralTrustApi.Firewall),
            KeyValuePair.Create("guard", NeuralTrustApi.Guard),
            KeyValuePair.Create("guard_legacy", NeuralTrustApi.GuardLegacy),
            KeyValuePair.Create("evaluate", NeuralTrustApi.Evaluate));
        var legacy = settings.Object("credentials");
        var baseUrl = legacy.HttpUri("base_url");
        if (baseUrl is not null && settings.Has("endpoint"))
        {
            legacy.Problem("base_url", "is another name of \"endpoint\": give one of them");
        }

        var judge = JudgeSettings.Read(settings, NeuralTrustGuardrailPlugin.Name, baseUrl);
        var isFirewall = api == NeuralTrustApi.Firewall;
        var gateway = settings.OptionalString("gateway_id");
        settings.RefuseIdle(api != NeuralTrustApi.Evaluate, "unless \"api\" is \"evaluate\"", "gateway_id");
        return new NeuralTrustSettings
        {
            Judge = judge,
            Api = api,
            Credentials = CredentialReading.Read(settings, legacy, judge.Endpoint, api, gateway),
            Firewall = ReadChecks(settings, isFirewall),
            Attachments = ForTrustGuard(settings, "attachments", settings.Boolean("attachments", !isFirewall), api),
            GatewayId = gateway,
            SessionHeader = ReadSessionHeader(settings, isFirewall),
            Message = MessageTemplate.Read(settings.Object("actions"), "message"),
        };
    }

    private static string? ReadSessionHeader(GuardrailSettings settings, bool isFirewall)
    {
        var header = settings.Parsed<string?>("session_id_header", HeaderName, null);
        settings.RefuseIdle(isFirewall, "when \"api\" is \"firewall\"", "session_id_header");
        return header;
    }

    // TrustGuard's policies live in its console.
    private static FirewallChecks? ReadChecks(GuardrailSettings settings, bool isFirewall)
    {
        var checks = FirewallChecks.Read(settings, isFirewall);
        if (isFirewall)
        {
            return checks;
        }

        settings.RefuseIdle(
            true,
            "unless \"api\" is \"firewall\": what the newer interfaces look for is set in NeuralTrust's console",
            "jailbreak", "toxicity", "moderation");
        return null;
    }

    private static bool ForTrustGuard(GuardrailSettings settings, string key, bool value, NeuralTrustApi api)
    {
        if (value && api == NeuralTrustApi.Firewall)
        {
            settings.Problem(key, "the firewall takes text only");
        }

        return value;
    }

    private static string? HeaderName(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? text
        : throw new FormatException("expected a header name of letters, digits, hyphens and underscores");
}
