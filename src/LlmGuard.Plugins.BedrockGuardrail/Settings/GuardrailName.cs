namespace LlmGuard.Plugins.BedrockGuardrail.Settings;

/// <summary>The identifier of a guardrail: its id, or its ARN, which also says where it is.</summary>
/// <param name="Text">The identifier as given.</param>
/// <param name="Partition">The partition of an ARN; null for an id.</param>
/// <param name="Region">The region of an ARN; null for an id.</param>
internal sealed record GuardrailName(string Text, string? Partition = null, string? Region = null)
{
    private const int MaxLength = 2048;
    private const int AccountDigits = 12;
    private const string ResourcePrefix = "guardrail/";

    public static GuardrailName None { get; } = new("");

    /// <summary>Reads an identifier by the pattern of Bedrock's interface description.</summary>
    /// <exception cref="FormatException">It is neither an id nor an ARN.</exception>
    public static GuardrailName Parse(string text)
    {
        if (IsId(text))
        {
            return new GuardrailName(text);
        }

        var parts = text.Split(':');
        return text.Length <= MaxLength
            && parts is ["arn", var partition, "bedrock", var region, var account, var resource]
            && (partition == "aws" || (partition.StartsWith("aws-", StringComparison.Ordinal) && partition.Length > 4))
            && BedrockEndpoints.IsRegion(region)
            && account.Length == AccountDigits
            && account.All(char.IsAsciiDigit)
            && resource.StartsWith(ResourcePrefix, StringComparison.Ordinal)
            && IsId(resource[ResourcePrefix.Length..])
                ? new GuardrailName(text, partition, region)
                : throw new FormatException(
                    "expected a guardrail's id (lower-case letters and digits) or its ARN (arn:aws:bedrock:<region>:<account>:guardrail/<id>)");
    }

    private static bool IsId(string text) =>
        text.Length is > 0 and <= MaxLength && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
