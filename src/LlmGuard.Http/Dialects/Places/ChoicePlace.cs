using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A place that what is there, or what surrounds it, decides.</summary>
internal sealed class ChoicePlace(ChoiceOf choose) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context) => choose(walk, token, context).Visit(walk, token, context);
}

/// <summary>Chooses the place of a value.</summary>
internal delegate Place ChoiceOf(JsonWalk walk, int token, PlaceContext context);
