using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>An array, whose index is part of the position.</summary>
/// <param name="item">The place of every item.</param>
/// <param name="axis">Which index of the position it is.</param>
/// <param name="joined">Whether the texts of its items are read as one.</param>
internal sealed class ArrayPlace(Place item, PositionAxis axis, bool joined) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind != JsonTokenKind.Array)
        {
            walk.Unknown(token, context);
            return;
        }

        var inner = joined && context.Join > JsonWalk.StreamSlot ? context with { Join = walk.NewSlot() } : context;
        var index = 0;
        for (var child = token + 1; child < walk.Tape[token].Next && !walk.HasFailed; child = walk.Tape[child].Next)
        {
            item.Visit(walk, child, inner with { Position = At(inner.Position, index++) });
        }
    }

    private SegmentPosition At(SegmentPosition position, int index) => axis switch
    {
        PositionAxis.Message => position with { Message = index },
        PositionAxis.Part => position with { Part = index },
        PositionAxis.Choice => position with { Choice = index },
        PositionAxis.Block => position with { Block = index },
        _ => position,
    };
}

/// <summary>What an array's index stands for.</summary>
internal enum PositionAxis
{
    None,
    Message,
    Part,
    Choice,
    Block,
}
