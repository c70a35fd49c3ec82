using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A place in a dialect's JSON: knows what a value found there is. Immutable.</summary>
/// <remarks>A value of a kind the place does not expect is walked as unknown, never skipped.</remarks>
internal abstract class Place
{
    public abstract void Visit(JsonWalk walk, int token, in PlaceContext context);
}

/// <summary>Derives the context of a value from the value itself: a message from its role.</summary>
internal delegate PlaceContext ContextOf(JsonWalk walk, int token, PlaceContext context);
