using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A payload in base64 of which nothing tells the type.</summary>
internal sealed class Base64Place(UninspectedKind kind) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        switch (walk.Tape[token].Kind)
        {
            case JsonTokenKind.String when walk.Tape[token].Length > 0:
                MediaData.AddBase64(walk, token, walk.Unescape(token).Span, null, kind, context);
                break;
            case JsonTokenKind.Null or JsonTokenKind.String:
                break;
            default:
                walk.Unknown(token, context);
                break;
        }
    }
}
