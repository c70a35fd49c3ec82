using LlmGuard.Plugins.NomaRuntimeProtection.Diagnostics;
using LlmGuard.Plugins.NomaRuntimeProtection.Settings;

namespace LlmGuard.Plugins.NomaRuntimeProtection;

/// <summary>Which application of Noma's console a call belongs to: the setting, the trusted header, the consumer, a generic one.</summary>
internal static class ApplicationIds
{
    /// <summary>The application of calls about which nothing better is known.</summary>
    public const string Generic = "llmguard";

    private const int MaxHeaderLength = 256;

    public static string Of(GuardrailCall call, NomaSettings settings, Symptoms symptoms)
    {
        if ((settings.ApplicationId ?? Header(call, settings.ApplicationHeader) ?? call.Caller.Consumer) is not { } known)
        {
            symptoms.GenericApplication();
            return Generic;
        }

        return known;
    }

    /// <summary>A header's value if it can be an id: not blank, printable ASCII, at most 256 characters.</summary>
    public static string? Header(GuardrailCall call, string? name) =>
        name is not null && call.Headers?.Find(name)?.Trim() is { Length: > 0 and <= MaxHeaderLength } value
            && value.All(static c => c is >= ' ' and < '\x7f')
            ? value
            : null;
}
