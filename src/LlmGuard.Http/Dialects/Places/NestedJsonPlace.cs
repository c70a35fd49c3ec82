using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A string that should hold JSON, or the JSON itself from servers that skip the string.</summary>
internal sealed class NestedJsonPlace(SegmentKind kind) : Place
{
    private readonly TreePlace _tree = new(kind);

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind != JsonTokenKind.String)
        {
            _tree.Visit(walk, token, context);
        }
        else if (!walk.IsEmptyString(token))
        {
            walk.NestedJson(token, context with { Kind = kind, Join = -1 });
        }
    }
}

/// <summary>A piece of JSON that a stream spreads over its events. An event that is read alone is read as if the piece were all.</summary>
internal sealed class FragmentPlace(string field, SegmentKind kind) : Place
{
    private readonly NestedJsonPlace _whole = new(kind);

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind != JsonTokenKind.String || walk.Stream is null)
        {
            _whole.Visit(walk, token, context);
        }
        else if (!walk.IsEmptyString(token))
        {
            walk.AddFragment(token, new StreamChannel(context.Position.Choice, context.Position.Block, field),
                context with { Kind = kind, Join = -1 });
        }
    }
}

/// <summary>A piece of text that a stream spreads over its events: every piece is a segment, joined with the others.</summary>
/// <param name="field">The channel's field.</param>
/// <param name="place">The place of the value itself, whose text joins.</param>
/// <param name="acrossBlocks">Whether all blocks of the message are read as one.</param>
internal sealed class StreamedPlace(string field, Place place, bool acrossBlocks) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context) => place.Visit(walk, token, context with
    {
        Join = walk.Stream?.JoinSlot(new StreamChannel(context.Position.Choice, acrossBlocks ? -1 : context.Position.Block, field)) ?? -1,
    });
}
