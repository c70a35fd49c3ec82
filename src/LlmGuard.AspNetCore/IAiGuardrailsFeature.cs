namespace LlmGuard.AspNetCore;

/// <summary>What the guardrails know about the current request; on <c>HttpContext.Features</c> once <c>UseAiGuardrails</c> has run.</summary>
/// <remarks>Not safe for concurrent use, like the <c>HttpContext</c> it belongs to.</remarks>
public interface IAiGuardrailsFeature
{
    /// <summary>128 random bits in lower-case hexadecimal: the value of the response's <c>X-Guardrail-Id</c>.</summary>
    string CallId { get; }

    /// <summary>The revision of the policy that applies to this request, whatever is reloaded meanwhile.</summary>
    string Revision { get; }

    /// <summary>What the policy resolved the request to.</summary>
    GuardrailScope Scope { get; }

    /// <summary>The decisions so far, in the order in which they were made. Empty on a scope without entries.</summary>
    IReadOnlyList<GuardrailDecision> Decisions { get; }
}
