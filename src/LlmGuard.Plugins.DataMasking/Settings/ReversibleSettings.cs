using LlmGuard.Plugins.DataMasking.Masks;

namespace LlmGuard.Plugins.DataMasking.Settings;

/// <summary>Reads how originals are kept.</summary>
internal static class ReversibleSettings
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Reads <c>reversible_hashing</c>; null when it is off.</summary>
    public static ReversibleMasking? Read(GuardrailSettings settings)
    {
        var isEnabled = settings.Boolean("enabled", false);
        var secret = Secret(settings, "secret");
        var scope = settings.Choice(
            "scope",
            MaskVaultScope.Conversation,
            new("conversation", MaskVaultScope.Conversation),
            new("caller", MaskVaultScope.Caller),
            new("call", MaskVaultScope.Call));
        var lifetime = settings.Duration("ttl", TimeSpan.FromHours(1), Shortest, Longest);
        var restoreInto = ExceptionSettings.Values(settings, "restore_into");
        settings.RefuseIdle(!settings.Has("enabled"), "without \"enabled\": true", "secret", "scope", "ttl", "restore_into");
        return isEnabled
            ? new ReversibleMasking(MaskKey.For(secret, "reversible")) { Scope = scope, Lifetime = lifetime, RestoreInto = restoreInto }
            : null;
    }

    /// <summary>Reads a secret that keys hashes or placeholders.</summary>
    public static GuardrailSecret? Secret(GuardrailSettings settings, string key)
    {
        var secret = settings.Secret(key);
        if (secret is { IsEmpty: false } && secret.Reveal().Length < MaskKey.MinSecretLength)
        {
            settings.Problem(key, $"is too short: expected at least {MaskKey.MinSecretLength} characters");
        }

        return secret is { IsEmpty: false } ? secret : null;
    }
}
