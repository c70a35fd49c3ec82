namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

/// <summary>Something a guardrail found.</summary>
/// <param name="Rule">What found it: policy and, where it has one, type or name.</param>
/// <param name="Type">The policy.</param>
/// <param name="Code">The reason code: words of Bedrock's interface description only.</param>
/// <param name="Shown">What a refused caller reads.</param>
internal readonly record struct AssessmentCause(string Rule, string Type, string Code, string Shown);

/// <summary>Something a guardrail has masked.</summary>
/// <param name="Cause">What found it.</param>
/// <param name="Match">The text it found. Sensitive: never logged or shown.</param>
/// <param name="Name">The name in the placeholder: the type, or the name of the pattern.</param>
internal readonly record struct Anonymised(AssessmentCause Cause, string Match, string Name)
{
    /// <summary>Says what was found, not where.</summary>
    public override string ToString() => Cause.Rule;
}
