namespace LlmGuard.Http;

/// <summary>Says who makes an outgoing call, and reads what the guardrails decided about it.</summary>
public static class GuardrailHttpMessageExtensions
{
    private static readonly HttpRequestOptionsKey<GuardrailCaller> CallerKey = new("LlmGuard.Caller");
    private static readonly HttpRequestOptionsKey<string> ConversationKey = new("LlmGuard.Conversation");

    // Whether any request of this process has ever been told. To ask a request for its options makes them, which most have none of.
    private static volatile bool _isCallerNamed;
    private static volatile bool _isConversationNamed;

    /// <summary>
    /// Names the caller of this request. Takes precedence over <see cref="GuardrailCaller.Use"/> and over the current HTTP context.
    /// </summary>
    /// <param name="request">The request, not yet sent.</param>
    /// <param name="caller">The caller.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void SetGuardrailCaller(this HttpRequestMessage request, GuardrailCaller caller)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(caller);
        request.Options.Set(CallerKey, caller);
        _isCallerNamed = true;
    }

    /// <summary>
    /// Names the conversation that this request belongs to, which decides what reversible masking can restore; without it, requests of one caller
    /// that begin with the same user message belong together. Never sent.
    /// </summary>
    /// <param name="request">The request, not yet sent.</param>
    /// <param name="conversation">Any text that is the same throughout the conversation and differs from the caller's others.</param>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="conversation"/> is null or empty.</exception>
    public static void SetGuardrailConversation(this HttpRequestMessage request, string conversation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(conversation);
        request.Options.Set(ConversationKey, conversation);
        _isConversationNamed = true;
    }

    /// <summary>The decision that determined this response: the refusal if there is one, else the last one made before it was returned.</summary>
    /// <param name="response">A response of a guarded client.</param>
    /// <returns>The decision, or null when the client is not guarded or no guardrail applied.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public static GuardrailDecision? GetGuardrailDecision(this HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Client.DecisionTable.Find(response);
    }

    internal static string? FindConversation(HttpRequestMessage request) =>
        _isConversationNamed && request.Options.TryGetValue(ConversationKey, out var conversation) ? conversation : null;

    internal static GuardrailCaller? FindCaller(HttpRequestMessage request) =>
        _isCallerNamed && request.Options.TryGetValue(CallerKey, out var caller) ? caller : null;
}
