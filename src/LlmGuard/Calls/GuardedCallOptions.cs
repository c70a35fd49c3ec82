using System.Net;
using LlmGuard.Planning;
using LlmGuard.Policy;

namespace LlmGuard;

/// <summary>What a seam or plain code says about a call before it starts.</summary>
public sealed record GuardedCallOptions
{
    /// <summary>A call of plain code by the caller of this asynchronous flow.</summary>
    public GuardedCallOptions() => Caller = GuardrailCaller.Current ?? GuardrailCaller.Anonymous;

    /// <summary>A call by a caller whom the seam knows.</summary>
    internal GuardedCallOptions(GuardrailCaller caller) => Caller = caller;

    /// <summary>Where the call is guarded. Plain code by default.</summary>
    public GuardrailSeam Seam { get; init; } = GuardrailSeam.Code;

    /// <summary>The service's id in the policy, or null.</summary>
    public string? Service { get; init; }

    /// <summary>The HTTP method, or null when the call is not HTTP.</summary>
    public string? Method { get; init; }

    /// <summary>The path as sent (percent-encoded, without query), or null when the call is not HTTP. Without it, no rule applies.</summary>
    public string? Path { get; init; }

    /// <summary>Who calls. By default the caller of this asynchronous flow, <see cref="GuardrailCaller.Current"/>, else nobody known.</summary>
    public GuardrailCaller Caller { get; init; }

    /// <summary>
    /// What the application calls the conversation that the call belongs to, or null: then calls of one caller that begin with the same user message
    /// belong together. Decides what reversible masking can restore; never sent anywhere.
    /// </summary>
    public string? Conversation { get; init; }

    /// <summary>Whether the application has switched its guardrails off here, so that only entries the policy locks run.</summary>
    internal bool OnlyLocked { get; init; }

    /// <summary>The revision by which the caller was identified and which the call takes over; null for the one in force.</summary>
    internal PolicyLease? Revision { get; init; }

    /// <summary>What <see cref="Revision"/> resolves the call to, where the seam has asked already.</summary>
    internal ScopeResolution? Resolution { get; init; }

    /// <summary>What the policy's scopes are asked.</summary>
    internal ScopeQuery ScopeQuery => new()
    {
        Seam = Seam,
        Service = Service,
        Method = Method,
        RawPath = Path,
        Caller = Caller,
        LockedOnly = OnlyLocked,
    };

    /// <summary>The address of the peer, or null.</summary>
    public IPAddress? RemoteAddress { get; init; }
}
