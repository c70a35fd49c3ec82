namespace LlmGuard.Remote.Judging;

/// <summary>
/// The text of a refusal with <c>%s</c> where the reason goes. Nothing else in it has a meaning: <c>%d</c>, <c>{0}</c> and <c>%%</c> are text.
/// </summary>
/// <param name="Text">The template; null for the plugin's default message.</param>
internal sealed record MessageTemplate(string? Text)
{
    /// <summary>Reads a template, for example from <c>actions.message</c>. An empty one counts as absent.</summary>
    public static MessageTemplate Read(GuardrailSettings settings, string key) =>
        new(settings.OptionalString(key) is { Length: > 0 } text ? text : null);

    /// <summary>The refusal for a reason.</summary>
    /// <param name="code">A short code of a fixed set, for logs, metrics and the audit record.</param>
    /// <param name="shown">
    /// What the caller reads in place of <c>%s</c>: words of the policy or of the judge's documentation, never content or scores. The code when null.
    /// </param>
    public GuardrailRefusal Refuse(string code, string? shown = null) => new()
    {
        Message = Text?.Replace("%s", shown ?? code, StringComparison.Ordinal),
        Reason = code,
    };
}
