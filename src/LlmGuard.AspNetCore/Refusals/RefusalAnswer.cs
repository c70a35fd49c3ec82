using LlmGuard.Http.Dialects;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Refusals;

/// <summary>Answers a call with its refusal.</summary>
internal sealed class RefusalAnswer(IGuardrailRefusalWriter writer)
{
    /// <summary>Writes the refusal, which is from then on how the call ended.</summary>
    public ValueTask WriteAsync(IncomingCall incoming, HttpContext target, Refusal refusal)
    {
        incoming.Refuse(refusal);
        var message = incoming.Message;
        return writer.WriteAsync(target, new GuardrailRefusalContext
        {
            Refusal = refusal,
            CallId = incoming.Call.Id,
            Decision = incoming.Call.Decisions.LastOrDefault(decision => decision.Refusal == refusal),
            Dialect = message?.Dialect ?? DialectOf(incoming),
            Model = message?.Model,
            IsStreaming = message?.IsStreaming ?? false,
            RawPath = incoming.RawPath,
            ReplyTo = message?.ReplyTo,
            DenyWithCompletion = incoming.Call.EarlyRefusal is null && incoming.Plan.DenyWithCompletion,
        });
    }

    private static string? DialectOf(IncomingCall incoming) =>
        (incoming.Call.EarlyRefusal is null ? incoming.Plan.Dialect : null)
        ?? DialectRegistry.FromPath(incoming.Method, incoming.RawPath);
}
