using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A value that may be a string, an array or an object. Whatever is not described is left to the string's place.</summary>
internal sealed class OneOfPlace(Place text, Place? array, Place? item) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context) => (walk.Tape[token].Kind switch
    {
        JsonTokenKind.Array => array ?? text,
        JsonTokenKind.Object => item ?? text,
        _ => text,
    }).Visit(walk, token, context);
}
