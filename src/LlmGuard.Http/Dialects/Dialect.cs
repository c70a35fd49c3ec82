using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects;

/// <summary>One wire format: where it is spoken, where its texts are, what it says about a call and how to change that.</summary>
internal abstract class Dialect
{
    /// <summary>Such as <c>openai.chat_completions</c>.</summary>
    public abstract string Id { get; }

    /// <summary>Whether a route speaks it.</summary>
    /// <param name="path">The path's segments in lower case, decoded and cleaned.</param>
    public abstract bool Serves(ReadOnlySpan<string> path);

    /// <summary>Whether a route answers with a stream whatever the body says.</summary>
    /// <param name="path">The path's segments in lower case, decoded and cleaned.</param>
    public virtual bool IsStreamed(ReadOnlySpan<string> path) => false;

    /// <summary>Whether an answer that is a JSON array is a stream whose events are its items.</summary>
    public virtual bool StreamsAsArray => false;

    /// <summary>Whether the top level of a body gives it away.</summary>
    /// <param name="members">The folded names of the top level, with their values where these are short strings.</param>
    public abstract bool Resembles(IReadOnlyDictionary<string, string?> members);

    /// <summary>Whether an array of requests is a request too.</summary>
    public virtual bool HasBatches => false;

    /// <summary>Whether its routes also answer GET, by a stream of what the server has to say.</summary>
    public virtual bool IsListenedTo => false;

    /// <summary>The place of a whole text.</summary>
    public abstract Place Root(JsonDirection direction);

    public abstract CallFacts Describe(JsonWalk walk, JsonDirection direction);

    /// <summary>Carries out a request change. False when this dialect cannot.</summary>
    public abstract bool TryChange(RequestChange change, RequestMembers members);

    /// <summary>The error that makes its SDKs raise what they raise when the provider refuses. Its status is the refusal's.</summary>
    public abstract DialectAnswer Error(RefusedCall call);

    /// <summary>An answer with status 200 that refuses, as a stream where the call asked for one; null where its answers hold no text.</summary>
    public abstract DialectAnswer? Completion(RefusedCall call);

    /// <summary>What ends a stream of which no more may leave; null where the dialect has no way to say that a filter cut an answer.</summary>
    public virtual IStreamEnding? NewEnding() => null;
}
