using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A place that is defined later, for tables that contain themselves.</summary>
internal sealed class DeferredPlace(Func<Place> place) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context) => place().Visit(walk, token, context);
}
