namespace LlmGuard;

/// <summary>Why an evaluator reached no verdict.</summary>
/// <param name="Class">Whose doing it is.</param>
/// <param name="Reason">
/// A short code of a small fixed set, such as <c>transport</c>, <c>timeout</c> or <c>verdict_incomplete</c>: it is a metric tag and appears in
/// logs and audit records, so it never holds content, secrets, hosts or scores.
/// </param>
public sealed record GuardrailFailure(FailureClass Class, string Reason);
