using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>Any JSON value: every leaf and key of it.</summary>
internal sealed class TreePlace(SegmentKind? kind) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        var isLeaf = walk.Tape[token].Next == token + 1;
        walk.Tree(token, context with { Kind = kind ?? context.Kind, Join = -1, Group = isLeaf ? -1 : walk.NewSlot() });
    }
}

/// <summary>A value nobody described.</summary>
internal sealed class UnknownPlace : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context) => walk.Unknown(token, context);
}
