using LlmGuard.Remote;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Settings;

/// <summary>The settings of one entry. Immutable.</summary>
internal sealed record NomaSettings
{
    private const int MaxIdLength = 256;

    private static readonly Uri Vendor = new("https://api.noma.security/");

    public required JudgeSettings Judge { get; init; }

    /// <summary>The API key; null when there is none.</summary>
    public GuardrailSecret? ApiKey { get; init; }

    /// <summary>The client credentials; null when there are none.</summary>
    public ClientCredentials? Client { get; init; }

    public NomaProtocol Protocol { get; init; }

    /// <summary>Where is asked.</summary>
    public required Uri Address { get; init; }

    /// <summary>The application all calls belong to; null when the call decides.</summary>
    public string? ApplicationId { get; init; }

    /// <summary>The header that names the application, set by something the operator trusts; null for none.</summary>
    public string? ApplicationHeader { get; init; }

    /// <summary>The header that names the conversation; null for none.</summary>
    public string? SessionHeader { get; init; }

    /// <summary>Whether the address of the peer is told.</summary>
    public bool SendsClientAddress { get; init; }

    /// <summary>Whether sensitive data is masked as Noma says instead of blocked.</summary>
    public bool Anonymizes { get; init; }

    public bool Images { get; init; }

    public bool ToolTraffic { get; init; }

    public required MessageTemplate Message { get; init; }

    public static NomaSettings Read(GuardrailSettings settings)
    {
        var judge = JudgeSettings.Read(settings, NomaRuntimeProtectionPlugin.Name, Vendor);
        var protocol = settings.Choice(
            "protocol",
            NomaProtocol.Scan,
            KeyValuePair.Create("v2_scan", NomaProtocol.Scan),
            KeyValuePair.Create("v1_aggregate", NomaProtocol.Aggregate),
            KeyValuePair.Create("litellm_guardrail", NomaProtocol.Guardrail));
        var (key, client) = ReadCredentials(settings, judge);
        var (application, header) = ReadApplication(settings);
        return new NomaSettings
        {
            Judge = judge,
            ApiKey = key,
            Client = client,
            Protocol = protocol,
            Address = new Uri(judge.Endpoint, PathOf(protocol)),
            ApplicationId = application,
            ApplicationHeader = header,
            SessionHeader = ReadSessionHeader(settings, protocol, judge),
            SendsClientAddress = ReadClientAddress(settings, protocol, judge),
            Anonymizes = settings.Boolean("anonymize_input", false),
            Images = ReadImages(settings, protocol),
            ToolTraffic = settings.Boolean("tool_traffic", true),
            Message = MessageTemplate.Read(settings.Object("actions"), "message"),
        };
    }

    private static string PathOf(NomaProtocol protocol) => protocol switch
    {
        NomaProtocol.Aggregate => "ai-dr/v1/prompt/scan/aggregate",
        NomaProtocol.Guardrail => "litellm/guardrail",
        _ => "ai-dr/v2/prompt/scan",
    };

    private static (GuardrailSecret? Key, ClientCredentials? Client) ReadCredentials(GuardrailSettings settings, JudgeSettings judge)
    {
        var hasUrl = settings.Has("token_url");
        var tokenUrl = settings.HttpUri("token_url", new Uri(judge.Endpoint, "auth"))!;
        if (hasUrl)
        {
            JudgeSettings.Check(settings, "token_url", tokenUrl, judge.AllowPrivate);
        }

        var key = settings.Secret("api_key", judge.Endpoint);
        var id = settings.OptionalString("client_id");
        var secret = settings.Secret("client_secret", tokenUrl);
        if (key is not null && (id is not null || secret is not null))
        {
            settings.Problem("api_key", "is another way to prove who asks than \"client_id\" and \"client_secret\": give one of them");
        }

        if ((id is null) != (secret is null))
        {
            settings.Problem(
                id is null ? "client_secret" : "client_id",
                "\"client_id\" and \"client_secret\" belong together: give both, as Noma's console shows them");
        }

        if (hasUrl && id is null)
        {
            settings.Problem("token_url", "is where \"client_id\" and \"client_secret\" are exchanged, and they are not given");
        }

        if (key is { IsEmpty: true } || id is "" || secret is { IsEmpty: true })
        {
            settings.Problem(key is not null ? "api_key" : id is "" ? "client_id" : "client_secret", "must not be empty");
        }

        if (key is null && id is null && secret is null && judge.Endpoint.IdnHost == Vendor.IdnHost)
        {
            settings.Problem(
                "client_id",
                "is required: Noma's service needs \"client_id\" and \"client_secret\", or \"api_key\" (Noma's console, Settings > API "
                    + "Keys); only an \"endpoint\" of your own may do without");
        }

        return (key, id is null || secret is null ? null : new ClientCredentials(id, secret, tokenUrl, judge));
    }

    private static (string? Id, string? Header) ReadApplication(GuardrailSettings settings)
    {
        var id = settings.Parsed<string?>("application_id", ApplicationName, null);
        var header = settings.Parsed<string?>("application_id_header", HeaderName, null);
        if (id is not null && header is not null)
        {
            settings.Problem("application_id_header", "would never be read: \"application_id\" comes first. Give one of them");
        }

        return (id, header);
    }

    private const string WithCache =
        "with a \"cache\": a verdict that is remembered answers for other conversations and addresses too, so they are not told";

    private static string? ReadSessionHeader(GuardrailSettings settings, NomaProtocol protocol, JudgeSettings judge)
    {
        var header = settings.Parsed<string?>("session_id_header", HeaderName, null);
        settings.RefuseIdle(protocol == NomaProtocol.Guardrail, "in the protocol \"litellm_guardrail\"", "session_id_header");
        settings.RefuseIdle(protocol != NomaProtocol.Guardrail && judge.CacheLifetime > TimeSpan.Zero, WithCache, "session_id_header");
        return header;
    }

    private static bool ReadClientAddress(GuardrailSettings settings, NomaProtocol protocol, JudgeSettings judge)
    {
        var sends = settings.Boolean("client_address", false);
        settings.RefuseIdle(sends && protocol == NomaProtocol.Guardrail, "in the protocol \"litellm_guardrail\"", "client_address");
        settings.RefuseIdle(sends && protocol != NomaProtocol.Guardrail && judge.CacheLifetime > TimeSpan.Zero, WithCache, "client_address");
        return sends;
    }

    private static bool ReadImages(GuardrailSettings settings, NomaProtocol protocol)
    {
        var takesImages = protocol != NomaProtocol.Aggregate;
        var images = settings.Boolean("images", takesImages);
        settings.RefuseIdle(images && !takesImages, "in the protocol \"v1_aggregate\", which takes text only", "images");
        return images;
    }

    private static string? ApplicationName(string text) => text.Trim() is { Length: > 0 and <= MaxIdLength } trimmed
        ? trimmed
        : throw new FormatException($"expected 1 to {MaxIdLength} characters");

    private static string? HeaderName(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? text
        : throw new FormatException("expected a header name of letters, digits, hyphens and underscores");
}
