namespace LlmGuard;

/// <summary>How a guardrail judges an answer that arrives in pieces.</summary>
public enum GuardrailStreaming
{
    /// <summary>Does not read the answer's text.</summary>
    None,

    /// <summary>
    /// By rules of finite reach over the text (<see cref="ISpanEvaluator"/>): text that cannot be part of a match is released at once.
    /// </summary>
    Span,

    /// <summary>Needs text as a whole: a remote judge, a classifier, a score.</summary>
    WholeText,
}
