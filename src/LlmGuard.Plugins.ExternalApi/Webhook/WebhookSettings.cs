using System.Collections.Frozen;

namespace LlmGuard.Plugins.ExternalApi.Webhook;

/// <summary>What the webhook protocol adds. Immutable.</summary>
internal sealed record WebhookSettings
{
    /// <summary>The keys that only this protocol has.</summary>
    public static ReadOnlySpan<string> Keys => (string[])["reasons", "show_message"];

    /// <summary>
    /// The reasons that may appear in logs and audit records; what is not among them is recorded as <c>webhook</c>, since it might be content.
    /// </summary>
    public required FrozenSet<string> Reasons { get; init; }

    /// <summary>Whether the caller reads the service's message.</summary>
    public bool ShowMessage { get; init; }

    public static WebhookSettings Read(GuardrailSettings settings)
    {
        var reasons = settings.Strings("reasons");
        for (var i = 0; i < reasons.Count; i++)
        {
            if (reasons[i].Length is 0 or > 64 || !reasons[i].All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            {
                settings.Problem("reasons", i, "expected up to 64 letters, digits, hyphens, dots and underscores");
            }
        }

        return new WebhookSettings { Reasons = reasons.ToFrozenSet(StringComparer.Ordinal), ShowMessage = settings.Boolean("show_message", false) };
    }

    /// <summary>A reason as it may be recorded.</summary>
    public string Recorded(string? reason) => reason is not null && Reasons.Contains(reason) ? reason : "webhook";
}
