using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>An object whose names are the sender's own: every name is a key, every value has the same place.</summary>
internal sealed class MapPlace(Place value) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind != JsonTokenKind.Object)
        {
            walk.Unknown(token, context);
            return;
        }

        for (var key = token + 1; key < walk.Tape[token].Next && !walk.HasFailed; key = walk.Tape[key + 1].Next)
        {
            walk.Key(key, context);
            value.Visit(walk, key + 1, context);
        }
    }
}
