using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>One wire format: where it is spoken, where its texts are, what it says about a call and how to change that.</summary>
internal abstract class Dialect
{
    /// <summary>Such as <c>openai.chat_completions</c>.</summary>
    public abstract string Id { get; }

    /// <summary>Whether a route speaks it.</summary>
    /// <param name="path">The path's segments in lower case, decoded and cleaned.</param>
    public abstract bool Serves(ReadOnlySpan<string> path);

    /// <summary>Whether the top level of a body gives it away.</summary>
    /// <param name="members">The folded names of the top level, with their values where these are short strings.</param>
    public abstract bool Resembles(IReadOnlyDictionary<string, string?> members);

    /// <summary>The place of a whole text.</summary>
    public abstract Place Root(JsonDirection direction);

    public abstract CallFacts Describe(JsonWalk walk, JsonDirection direction);

    /// <summary>
    /// Whether an event of a stream reports usage and nothing else, and is only sent to those who ask for it. Such an event is taken out when a
    /// policy asked and the client did not.
    /// </summary>
    public virtual bool IsUsageOnly(ReadOnlySpan<byte> json) => false;

    /// <summary>Carries out a request change. False when this dialect cannot.</summary>
    public abstract bool TryChange(RequestChange change, RequestMembers members);
}
