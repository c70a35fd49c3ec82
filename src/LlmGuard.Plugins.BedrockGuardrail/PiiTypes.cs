using System.Collections.Frozen;

namespace LlmGuard.Plugins.BedrockGuardrail;

/// <summary>The types of sensitive information that Bedrock knows, and what takes their place.</summary>
internal static class PiiTypes
{
    /// <summary>All types, as both operations name them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "ADDRESS", "AGE", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "CA_HEALTH_NUMBER", "CA_SOCIAL_INSURANCE_NUMBER", "CREDIT_DEBIT_CARD_CVV",
        "CREDIT_DEBIT_CARD_EXPIRY", "CREDIT_DEBIT_CARD_NUMBER", "DRIVER_ID", "EMAIL", "INTERNATIONAL_BANK_ACCOUNT_NUMBER", "IP_ADDRESS",
        "LICENSE_PLATE", "MAC_ADDRESS", "NAME", "PASSWORD", "PHONE", "PIN", "SWIFT_CODE", "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
        "UK_NATIONAL_INSURANCE_NUMBER", "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "URL", "USERNAME", "US_BANK_ACCOUNT_NUMBER",
        "US_BANK_ROUTING_NUMBER", "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "US_PASSPORT_NUMBER", "US_SOCIAL_SECURITY_NUMBER",
        "VEHICLE_IDENTIFICATION_NUMBER",
    ];

    // One instance per type, so that a mask seen in two overlapping pieces of a text is one edit.
    private static readonly FrozenDictionary<string, Replacement> Placeholders =
        All.ToFrozenDictionary(t => t, t => Replacement.Literal($"{{{t}}}"), StringComparer.Ordinal);

    public static bool IsKnown(string type) => Placeholders.ContainsKey(type);

    /// <summary>What takes the place of a known type: its name in braces, as Bedrock writes it.</summary>
    public static Replacement PlaceholderOf(string type) => Placeholders[type];
}
