namespace LlmGuard;

/// <summary>One thing an evaluator found. Says where, never what: the matched text is not part of it.</summary>
/// <param name="Rule">Stable id of the rule that matched, of a fixed set that the policy or the plugin declares. Recorded in the audit.</param>
/// <param name="Type">What was found, such as <c>email</c> or <c>keyword</c>.</param>
/// <param name="Segment">The <see cref="LlmGuard.Segment.Index"/> it was found in, or -1 when it concerns the call as a whole.</param>
/// <param name="Span">Where in the segment's UTF-8.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Severity">How grave it is.</param>
public readonly record struct GuardrailFinding(
    string Rule,
    string Type,
    int Segment = -1,
    TextSpan Span = default,
    double Confidence = 1,
    FindingSeverity Severity = FindingSeverity.Medium)
{
    /// <summary>Names rule, type, place and severity. Not the confidence: scores do not belong into logs.</summary>
    public override string ToString() => $"{Rule} ({Type}, {Severity}) in segment {Segment} at {Span.Start}, {Span.Length} bytes";
}
