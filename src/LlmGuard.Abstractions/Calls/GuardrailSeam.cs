namespace LlmGuard;

/// <summary>Where a call is guarded; the policy's <c>seams</c>.</summary>
public enum GuardrailSeam
{
    /// <summary>Plain code that calls <c>IAiGuardrails</c> itself. <c>code</c> in a policy.</summary>
    Code,

    /// <summary>A request that reaches an ASP.NET Core application. <c>incoming</c>.</summary>
    Incoming,

    /// <summary>A request an <see cref="System.Net.Http.HttpClient"/> sends. <c>outgoing</c>.</summary>
    Outgoing,

    /// <summary>An <c>IChatClient</c> pipeline. <c>chat</c>.</summary>
    Chat,

    /// <summary>A Model Context Protocol call. <c>mcp</c>.</summary>
    Mcp,
}
