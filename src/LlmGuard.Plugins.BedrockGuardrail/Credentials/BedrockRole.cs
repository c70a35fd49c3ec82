namespace LlmGuard.Plugins.BedrockGuardrail;

/// <summary>A role that a policy entry takes on to ask Bedrock.</summary>
/// <param name="Arn">The role's ARN.</param>
/// <param name="SessionName">The name of the session, as CloudTrail shows it.</param>
/// <param name="ExternalId">The external id that the role's trust policy asks for; null for none.</param>
/// <param name="Region">The region of the guardrail, such as <c>eu-west-1</c>.</param>
public sealed record BedrockRole(string Arn, string SessionName, string? ExternalId, string Region);
