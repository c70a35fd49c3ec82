using LlmGuard.Plugins.ExternalApi.Answers;
using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Plugins.ExternalApi.Signing;
using LlmGuard.Plugins.ExternalApi.Webhook;
using LlmGuard.Remote;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi;

/// <summary>The settings of one entry. Immutable.</summary>
internal sealed record ExternalApiSettings
{
    /// <summary>Texts that go into an address: longer ones would not fit everywhere.</summary>
    private const int MaxQueryTextBytes = 4096;

    public required JudgeSettings Judge { get; init; }

    public required RequestTarget Target { get; init; }

    public required StatusMeanings Statuses { get; init; }

    /// <summary>The refusal where nothing more specific says.</summary>
    public required MessageTemplate Message { get; init; }

    /// <summary>Most bytes of text in one request.</summary>
    public int MaxTextBytes { get; init; }

    /// <summary>Most texts in one request.</summary>
    public int MaxTexts { get; init; }

    /// <summary>How many texts the request's form takes at once.</summary>
    public TextUse Texts { get; init; }

    public IReadOnlyList<SecretHeader> SecretHeaders { get; init; } = [];

    public GuardrailSecret? SigningKey { get; init; }

    /// <summary>The webhook protocol; null for the other.</summary>
    public WebhookSettings? Webhook { get; init; }

    /// <summary>Templates and conditions; null for the webhook protocol.</summary>
    public CustomSettings? Custom { get; init; }

    public static ExternalApiSettings Read(GuardrailSettings settings)
    {
        var judge = JudgeSettings.Read(settings, ExternalApiPlugin.Name, null);
        var isCustom = settings.Choice(
            "protocol",
            settings.Has("conditions"),
            KeyValuePair.Create("webhook", false),
            KeyValuePair.Create("custom", true));
        var maps = FieldMap.ReadAll(settings);
        var target = RequestTarget.Read(settings, judge, maps);
        var actions = settings.Object("actions");
        var message = MessageTemplate.Read(actions, "message");
        var statuses = StatusMeanings.Read(settings);
        var custom = CustomSettings.Read(settings, maps, isCustom, message);
        var webhook = WebhookSettings.Read(settings);
        RefuseForeignKeys(settings, isCustom);
        var maxTextBytes = settings.Int32("max_text_bytes", 32 * 1024, 256, 1024 * 1024);
        var maxTexts = settings.Int32("max_texts", 64, 1, 1024);
        var texts = isCustom ? Max(custom.Texts, target.Texts) : TextUse.Many;
        actions.RefuseIdle(isCustom && !custom.Conditions.HasSilentBlock
            && !statuses.HasBlock, "where no status blocks, nor a condition without a \"message\" of its own", "message");
        settings.RefuseIdle(texts == TextUse.None, "where no text is sent", "max_text_bytes", "max_texts", "masks");
        settings.RefuseIdle(texts == TextUse.One, "where each text is a request of its own", "max_texts");
        if (target.Texts != TextUse.None && maxTextBytes > MaxQueryTextBytes)
        {
            settings.Problem("max_text_bytes", $"text that goes into the query or a header needs a limit of at most {MaxQueryTextBytes}");
        }

        if (judge.CacheLifetime > TimeSpan.Zero && target.HasHeaderMaps)
        {
            settings.Problem("cache", "cannot remember verdicts that may depend on a header that field_maps makes");
        }

        if (target.Method == HttpMethod.Get && (!isCustom || custom.HasBody))
        {
            var remedy = isCustom ? ": map fields with \"in\": \"query\"" : ", which the webhook protocol needs: expected \"POST\"";
            settings.Problem("method", "a GET request has no body" + remedy);
        }

        return new ExternalApiSettings
        {
            Judge = judge,
            Target = target,
            Statuses = statuses,
            Message = message,
            MaxTextBytes = maxTextBytes,
            MaxTexts = maxTexts,
            Texts = texts,
            SecretHeaders = SecretHeader.ReadAll(settings, judge.Endpoint),
            SigningKey = RequestSignature.ReadKey(settings, judge.Endpoint),
            Webhook = isCustom ? null : webhook,
            Custom = isCustom ? custom : null,
        };
    }

    /// <summary>The credential: the configured headers and the signature.</summary>
    public IJudgeCredential CredentialFor(TimeProvider time) =>
        SecretHeaders.Count == 0 && SigningKey is null ? NoCredential.Instance : new ExternalCredential(SecretHeaders, SigningKey, time);

    private static TextUse Max(TextUse left, TextUse right) => left > right ? left : right;

    private static void RefuseForeignKeys(GuardrailSettings settings, bool isCustom)
    {
        settings.RefuseIdle(isCustom, "in the protocol \"custom\", which \"conditions\" mean too", WebhookSettings.Keys);
        settings.RefuseIdle(!isCustom, "unless \"protocol\" is \"custom\" or there are \"conditions\"", CustomSettings.Keys);
    }
}
