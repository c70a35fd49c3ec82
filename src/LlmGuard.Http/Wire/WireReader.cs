using LlmGuard.Planning;

namespace LlmGuard.Http.Wire;

/// <summary>Reads HTTP messages of any kind into segments.</summary>
internal static class WireReader
{
    /// <summary>Reads a request.</summary>
    /// <param name="head">What surrounds the body.</param>
    /// <param name="body">The decoded body; empty when there is none. Stays alive and unchanged while the message is in use.</param>
    /// <param name="hasBody">Whether there is a body, even an empty one.</param>
    /// <param name="needs">Which segments are wanted: <c>Content</c> for the body, <c>Headers</c>, <c>PathAndQuery</c>.</param>
    /// <param name="limits">Limits of the plan.</param>
    public static WireReadResult ReadRequest(WireHead head, ReadOnlyMemory<byte> body, bool hasBody, GuardrailNeeds needs, PlanLimits limits) =>
        throw new NotSupportedException();

    /// <summary>Reads a response; a streamed one (SSE, NDJSON) that has been held is given whole.</summary>
    /// <inheritdoc cref="ReadRequest"/>
    public static WireReadResult ReadResponse(WireHead head, ReadOnlyMemory<byte> body, bool hasBody, GuardrailNeeds needs, PlanLimits limits) =>
        throw new NotSupportedException();
}
