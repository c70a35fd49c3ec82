namespace LlmGuard.Plugins.TokenRateLimiter;

/// <summary>Counts tokens as a model's tokenizer does. An application that has one registers it as a service. Safe for concurrent use.</summary>
public interface ITokenCounter
{
    /// <summary>Counts the tokens of a text.</summary>
    /// <param name="model">The model as the request names it, or null.</param>
    /// <param name="utf8Text">The text. Valid during the call only.</param>
    /// <returns>The tokens; null when the model's tokenizer is not known, and then they are estimated. Not negative, at most the bytes.</returns>
    long? CountTokens(string? model, ReadOnlySpan<byte> utf8Text);
}
