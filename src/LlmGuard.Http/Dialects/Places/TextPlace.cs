using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>Text that the model reads or says, or a number in its stead.</summary>
/// <param name="kind">What it is; null keeps the context's.</param>
/// <param name="joins">Whether it is one of several parts that are read as one text.</param>
internal sealed class TextPlace(SegmentKind? kind, bool joins) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        switch (walk.Tape[token].Kind)
        {
            case JsonTokenKind.String or JsonTokenKind.Number:
                walk.Leaf(token, context with { Kind = kind ?? context.Kind, Join = joins ? context.Join : -1 });
                break;
            case JsonTokenKind.Object or JsonTokenKind.Array:
                walk.Unknown(token, context);
                break;
        }
    }
}
