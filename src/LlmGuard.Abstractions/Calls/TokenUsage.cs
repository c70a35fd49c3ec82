namespace LlmGuard;

/// <summary>Tokens as the provider reported them. Null where it reported nothing.</summary>
/// <param name="Input">Tokens of the prompt, cached ones included.</param>
/// <param name="Output">Tokens of the answer, reasoning included.</param>
/// <param name="Total">Both together.</param>
/// <param name="CachedInput">Prompt tokens read from the provider's cache.</param>
/// <param name="Reasoning">Answer tokens spent on reasoning.</param>
public sealed record TokenUsage(long? Input, long? Output, long? Total, long? CachedInput = null, long? Reasoning = null);
