using LlmGuard.Planning;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore;

/// <summary>A request on a scope without entries: it has an id, and nobody judges it or its answer.</summary>
internal sealed class PassedRequest(HttpContext context, EffectivePlan plan, string rawPath, bool hasEndpoint)
    : GuardedRequest(context, rawPath, hasEndpoint)
{
    public override string CallId { get; } = Execution.CallId.New().ToString();

    public override EffectivePlan Plan => plan;

    public override IReadOnlyList<GuardrailDecision> Decisions => [];
}
