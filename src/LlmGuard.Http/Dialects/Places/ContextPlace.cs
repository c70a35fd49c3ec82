using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A place that is seen in another context.</summary>
internal sealed class ContextPlace(ContextOf change, Place place) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context) => place.Visit(walk, token, change(walk, token, context));
}
