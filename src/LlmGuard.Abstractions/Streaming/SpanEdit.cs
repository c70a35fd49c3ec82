namespace LlmGuard;

/// <summary>An edit that a span scanner decided on.</summary>
/// <param name="Span">The span, relative to the buffer the scanner was given.</param>
/// <param name="Replacement">What it becomes; null when the span must not pass and the stream is to be blocked before it.</param>
/// <param name="Rule">Stable id of the rule.</param>
/// <param name="Type">What was found.</param>
public readonly record struct SpanEdit(TextSpan Span, Replacement? Replacement, string Rule, string Type)
{
    /// <summary>Whether the span is only noteworthy: it is recorded, and the text stays. <see cref="Replacement"/> is then not looked at.</summary>
    public bool IsFinding { get; init; }

    /// <summary>
    /// What the caller is told where the span must not pass; null for the plugin's default. Only looked at where <see cref="Replacement"/> is null.
    /// </summary>
    public GuardrailRefusal? Refusal { get; init; }

    /// <summary>How sure the rule is, from 0 to 1. 1 by default.</summary>
    public double Confidence { get; init; } = 1;
}
