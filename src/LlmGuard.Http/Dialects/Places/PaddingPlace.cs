using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>
/// Letters that differ in each event of a stream and mean nothing, so that nothing else of the event depends on them. Judged like an identifier.
/// </summary>
internal sealed class PaddingPlace : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind == JsonTokenKind.String && !walk.IsEmptyString(token))
        {
            walk.Pad(token);
        }

        Expect.Id.Visit(walk, token, context);
    }
}
