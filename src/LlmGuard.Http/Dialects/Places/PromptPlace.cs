using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A prompt or several, each a text or a list of token ids, which nobody reads without the model's vocabulary.</summary>
/// <param name="text">The place of a text.</param>
internal sealed class PromptPlace(Place text) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        switch (walk.Tape[token].Kind)
        {
            case JsonTokenKind.Array:
                VisitItems(walk, token, context);
                break;
            case JsonTokenKind.Number:
                walk.Opaque(UninspectedKind.TokenIds, context);
                break;
            case JsonTokenKind.Object:
                walk.Unknown(token, context);
                break;
            default:
                text.Visit(walk, token, context);
                break;
        }
    }

    // A list of ids is one prompt however long it is; a list of anything else has a prompt per item.
    private void VisitItems(JsonWalk walk, int token, in PlaceContext context)
    {
        var (index, hasIds) = (0, false);
        for (var item = token + 1; item < walk.Tape[token].Next && !walk.HasFailed; item = walk.Tape[item].Next)
        {
            if (walk.Tape[item].Kind != JsonTokenKind.Number)
            {
                Visit(walk, item, context with { Position = context.Position with { Message = index } });
            }
            else if (!hasIds)
            {
                hasIds = true;
                walk.Opaque(UninspectedKind.TokenIds, context);
            }

            index++;
        }
    }
}
