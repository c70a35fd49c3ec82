namespace LlmGuard.Scanning;

/// <summary>A span that rules of a plan claim, settled: spans never overlap and come in ascending order.</summary>
/// <param name="Start">First byte, relative to the buffer that was scanned.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Rule">Number of the rule with the strongest claim.</param>
/// <param name="IsUnion">Whether matches of different extent overlap in it, so that no single match covers it for the rule that is named.</param>
/// <param name="IsTail">Whether it only continues the span before it, whose match was longer than one piece may be.</param>
/// <param name="Confidence">How sure the rule with the strongest claim is, in percent.</param>
internal readonly record struct ScanSpan(int Start, int Length, int Rule, bool IsUnion, bool IsTail, byte Confidence = 100);
