using Microsoft.Extensions.Options;

namespace LlmGuard;

/// <summary>Checks the options when the application starts.</summary>
internal sealed class AiGuardrailsOptionsValidator : IValidateOptions<AiGuardrailsOptions>
{
    public ValidateOptionsResult Validate(string? name, AiGuardrailsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        Check(failures, !string.IsNullOrWhiteSpace(options.ConfigurationSection), nameof(options.ConfigurationSection), "must not be empty");
        Check(failures, !string.IsNullOrWhiteSpace(options.SecretPrefix), nameof(options.SecretPrefix), "must not be empty");
        Check(
            failures,
            options.PolicyFiles.All(file => !string.IsNullOrWhiteSpace(file)),
            nameof(options.PolicyFiles),
            "must not hold an empty name");
        Check(
            failures,
            options.AllowedSecretHosts.All(IsHost),
            nameof(options.AllowedSecretHosts),
            "must hold host names without scheme, port or path");
        CheckRange(failures, options.ReloadDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(options.ReloadDelay));
        CheckRange(failures, options.MonitorDrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(options.MonitorDrainTimeout));
        CheckRange(failures, options.MaxHeldBytes, 1, long.MaxValue / 2, nameof(options.MaxHeldBytes));
        CheckRange(failures, options.MaxMonitorQueueBytes, 0, long.MaxValue / 2, nameof(options.MaxMonitorQueueBytes));
        CheckRange(failures, options.MaxCounters, 1, 16_777_216, nameof(options.MaxCounters));
        CheckRange(failures, options.MaxMaskVaultBytes, 0, long.MaxValue / 2, nameof(options.MaxMaskVaultBytes));
        CheckRange(failures, options.MaxCleanSegmentCacheBytes, 0, 1L << 30, nameof(options.MaxCleanSegmentCacheBytes));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsHost(string host) => Uri.CheckHostName(host) != UriHostNameType.Unknown;

    private static void CheckRange<T>(List<string> failures, T value, T min, T max, string option)
        where T : IComparable<T> =>
        Check(failures, value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0, option, $"is {value}, expected {min} to {max}");

    private static void Check(List<string> failures, bool isValid, string option, string problem)
    {
        if (!isValid)
        {
            failures.Add($"{nameof(AiGuardrailsOptions)}.{option} {problem}.");
        }
    }
}
