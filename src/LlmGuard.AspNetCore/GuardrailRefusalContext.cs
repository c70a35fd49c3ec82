namespace LlmGuard.AspNetCore;

/// <summary>A refusal and what is needed to word it. Holds no content of the request.</summary>
public sealed record GuardrailRefusalContext
{
    /// <summary>Status, code and message.</summary>
    public required Refusal Refusal { get; init; }

    /// <summary>The call's id, which the caller also gets as <c>X-Guardrail-Id</c>.</summary>
    public required string CallId { get; init; }

    /// <summary>The decision behind it, or null when the request was refused before any stage (an ambiguous path, an unidentified caller).</summary>
    public GuardrailDecision? Decision { get; init; }

    /// <summary>The wire dialect of the request, such as <c>openai.chat_completions</c>, or null.</summary>
    public string? Dialect { get; init; }

    /// <summary>The model the request names, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Whether the request asks for a streamed answer.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>Whether the policy wants blocks answered with a completion that refuses (<c>deny_with: completion</c>).</summary>
    public bool DenyWithCompletion { get; init; }

    /// <summary>The path as the next hop would have seen it.</summary>
    internal string RawPath { get; init; } = "/";

    /// <summary>What the answer must repeat of the request, as raw JSON, or null.</summary>
    internal string? ReplyTo { get; init; }
}
