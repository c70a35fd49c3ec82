using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore;

/// <summary>Answers refused requests. Register an implementation of your own as a singleton to shape refusals; it must be thread-safe.</summary>
/// <remarks>
/// The default answers in the caller's dialect, so that SDKs raise their normal exception, and otherwise with problem+json (RFC 9457).
/// The response has not started and has the headers it had when the request reached the guardrails. <c>X-Guardrail-Id</c> and the headers of
/// the verdicts are added when it starts.
/// </remarks>
public interface IGuardrailRefusalWriter
{
    /// <summary>Writes status, headers and body of a refusal.</summary>
    /// <param name="context">
    /// The request to answer. Use its response only: while a refused request is still being cancelled, it is a view of the request and not the
    /// instance that the rest of the pipeline holds.
    /// </param>
    /// <param name="refusal">What to tell the caller.</param>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    ValueTask WriteAsync(HttpContext context, GuardrailRefusalContext refusal);
}
