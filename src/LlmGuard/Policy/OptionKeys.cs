using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LlmGuard.Policy;

/// <summary>
/// Keys of the configuration section that are named like options. Options are set in code, so in a section they would be without effect and nobody
/// told; they pass only where the application has bound the section to its options, so that what it says is in force.
/// </summary>
internal static class OptionKeys
{
    private static readonly Dictionary<string, Func<AiGuardrailsOptions, IConfigurationSection, bool>> InForce = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(AiGuardrailsOptions.ConfigurationSection)] = static (o, key) => o.ConfigurationSection == key.Value,
        [nameof(AiGuardrailsOptions.PolicyFiles)] = static (o, key) => IsIn(o.PolicyFiles, key),
        [nameof(AiGuardrailsOptions.PolicyJson)] = static (o, key) => o.PolicyJson == key.Value,
        [nameof(AiGuardrailsOptions.BareDocumentIsGateway)] = static (o, key) => Is(o.BareDocumentIsGateway, key),
        [nameof(AiGuardrailsOptions.ReloadOnChange)] = static (o, key) => Is(o.ReloadOnChange, key),
        [nameof(AiGuardrailsOptions.ReloadDelay)] = static (o, key) => Is(o.ReloadDelay, key),
        [nameof(AiGuardrailsOptions.SecretPrefix)] = static (o, key) => o.SecretPrefix == key.Value,
        [nameof(AiGuardrailsOptions.AllowedSecretHosts)] = static (o, key) => IsIn(o.AllowedSecretHosts, key),
        [nameof(AiGuardrailsOptions.MaxHeldBytes)] = static (o, key) => Is(o.MaxHeldBytes, key),
        [nameof(AiGuardrailsOptions.MaxMonitorQueueBytes)] = static (o, key) => Is(o.MaxMonitorQueueBytes, key),
        [nameof(AiGuardrailsOptions.MaxMaskVaultBytes)] = static (o, key) => Is(o.MaxMaskVaultBytes, key),
        [nameof(AiGuardrailsOptions.MaxCleanSegmentCacheBytes)] = static (o, key) => Is(o.MaxCleanSegmentCacheBytes, key),
        [nameof(AiGuardrailsOptions.MonitorDrainTimeout)] = static (o, key) => Is(o.MonitorDrainTimeout, key),
        [nameof(AiGuardrailsOptions.MaxCounters)] = static (o, key) => Is(o.MaxCounters, key),
        [nameof(AiGuardrailsOptions.LogContentAtTrace)] = static (o, key) => Is(o.LogContentAtTrace, key),
    };

    /// <summary>The names of all options.</summary>
    public static IReadOnlyCollection<string> Names => InForce.Keys;

    /// <summary>The keys of a section that name an option which has another value.</summary>
    /// <param name="section">The section, or null.</param>
    /// <param name="options">The options in force.</param>
    /// <param name="fileKey">The key under which a section names policy files.</param>
    public static List<SettingsProblem> Misplaced(IConfigurationSection? section, AiGuardrailsOptions options, string fileKey) =>
        [.. (section?.GetChildren() ?? [])
            .Where(key => InForce.TryGetValue(key.Key, out var isInForce) && !isInForce(options, key))
            .Select(key => new SettingsProblem(key.Path, Problem(key, section!, fileKey)))];

    private static string Problem(IConfigurationSection key, IConfigurationSection section, string fileKey) =>
        key.Key.Equals(nameof(AiGuardrailsOptions.PolicyFiles), StringComparison.OrdinalIgnoreCase)
            ? $"unknown key: policy files are named by '{section.Path}:{fileKey}', which takes one path or a list"
            : $"is an option and no part of the policy: set it in code, AddAiGuardrails(options => options.{key.Key} = ...)";

    private static bool Is<T>(T option, IConfigurationSection key)
        where T : ISpanParsable<T>, IEquatable<T> =>
        T.TryParse(key.Value, CultureInfo.InvariantCulture, out var value) && value.Equals(option);

    private static bool IsIn(IList<string> option, IConfigurationSection key) =>
        key.GetChildren().ToList() is { Count: > 0 } items && items.All(item => item.Value is { } value && option.Contains(value));
}
