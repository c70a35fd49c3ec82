using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore;

/// <summary>Says what the guardrails cannot read off an incoming request.</summary>
public static class GuardrailHttpContextExtensions
{
    private static readonly object ConversationKey = new();

    /// <summary>
    /// Names the conversation that this request belongs to, which decides what reversible masking can restore; without it, requests of one caller
    /// that begin with the same user message belong together. Call it in a middleware before <c>UseAiGuardrails</c>.
    /// </summary>
    /// <param name="context">The request's context.</param>
    /// <param name="conversation">
    /// Any text that is the same throughout the conversation and differs from the caller's others, such as a session's id or a header of the
    /// client's: a client that lies reaches its own caller's conversations only.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="conversation"/> is null or empty.</exception>
    /// <exception cref="InvalidOperationException">The guardrails have begun with this request: it would have no effect.</exception>
    public static void SetGuardrailConversation(this HttpContext context, string conversation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(conversation);
        if (context.Features.Find<IAiGuardrailsFeature>() is not null)
        {
            throw new InvalidOperationException(
                "SetGuardrailConversation has no effect after UseAiGuardrails has begun; call it in a middleware before.");
        }

        context.Items[ConversationKey] = conversation;
    }

    // HttpContext.Items would make a dictionary where nobody has put anything.
    internal static string? FindConversation(HttpContext context) =>
        context.Features.Find<IItemsFeature>()?.Items.TryGetValue(ConversationKey, out var conversation) == true ? (string?)conversation : null;
}
