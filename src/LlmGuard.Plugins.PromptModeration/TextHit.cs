namespace LlmGuard.Plugins.PromptModeration;

/// <summary>A rule that matched within one text.</summary>
/// <param name="Rule">Which rule: keywords in document order, then patterns.</param>
/// <param name="Span">Where, in the original text.</param>
/// <param name="Similarity">From 0 to 1.</param>
internal readonly record struct TextHit(int Rule, TextSpan Span, double Similarity);
