using LlmGuard.Telemetry;

namespace LlmGuard.Tool.Evaluation;

/// <summary>What the policy made of a text.</summary>
internal sealed record TextVerdict
{
    public required GuardrailAction Action { get; init; }

    /// <summary>Whether an entry could not judge because something it needs is not there, so that the action says nothing about the text.</summary>
    public bool IsUnjudged { get; init; }

    /// <summary>The text after the edits.</summary>
    public required ReadOnlyMemory<byte> Text { get; init; }

    public IReadOnlyList<TextFinding> Findings { get; init; } = [];

    /// <summary>The entries that reached no verdict: plugin, class and reason.</summary>
    public IReadOnlyList<(string Plugin, GuardrailFailure Failure)> Failures { get; init; } = [];

    public Refusal? Refusal { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>The word for what happened.</summary>
    public string Word => IsUnjudged ? "error" : Words.Of(Action);
}

/// <summary>A finding in the text as it was given.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Type">What was found, such as an entity's id.</param>
/// <param name="Span">In bytes, or null when it concerns the call as a whole.</param>
/// <param name="Start">First code point.</param>
/// <param name="End">The code point after the last.</param>
/// <param name="Confidence">From 0 to 1.</param>
internal readonly record struct TextFinding(string Plugin, string Rule, string Type, TextSpan? Span, int Start, int End, double Confidence);
