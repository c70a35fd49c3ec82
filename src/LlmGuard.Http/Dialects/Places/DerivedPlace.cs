using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A value that repeats its message's text or points into it, and is emptied when that text is edited.</summary>
/// <param name="messageOnly">Whether only edits of the message's own text matter.</param>
/// <param name="texts">The place of texts of its own, or null when it only repeats.</param>
internal sealed class DerivedPlace(bool messageOnly, Place? texts) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind is JsonTokenKind.Object or JsonTokenKind.Array)
        {
            walk.AddDerived(token, context, messageOnly);
            texts?.Visit(walk, token, context);
        }
        else
        {
            walk.Unknown(token, context);
        }
    }
}
