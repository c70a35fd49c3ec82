using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>An object whose members are known. Names match folded, as lenient servers match them.</summary>
/// <param name="members">Places by name as documented.</param>
/// <param name="enter">Derives the members' context, or null.</param>
/// <param name="rest">The place of all other members; unknown by default.</param>
internal sealed class ObjectPlace((string Name, Place Place)[] members, ContextOf? enter, Place? rest) : Place
{
    private static readonly UnknownPlace Unknown = new();

    private readonly MemberTable _members = new(members);

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind != JsonTokenKind.Object)
        {
            walk.Unknown(token, context);
            return;
        }

        if (FindDuplicate(walk, token) is var twice and >= 0)
        {
            walk.FailAt(twice);
            return;
        }

        var inner = enter is null ? context : enter(walk, token, context);
        if (enter is not null && walk.Stream is { } stream && inner.Kind == SegmentKind.ToolCall && inner.Name is { } tool)
        {
            // The events with the call's arguments say which call, not of which tool.
            stream.NameTool(inner.Position, tool);
        }

        for (var key = token + 1; key < walk.Tape[token].Next && !walk.HasFailed; key = walk.Tape[key + 1].Next)
        {
            if (Known(walk, key) is { } place)
            {
                place.Visit(walk, key + 1, inner);
            }
            else
            {
                walk.Key(key, inner);
                (rest ?? Unknown).Visit(walk, key + 1, inner);
            }
        }
    }

    private Place? Known(JsonWalk walk, int key) => Documented(walk, key) ?? _members.Lenient(walk.Raw(key), walk.Tape[key].HasEscapes);

    private Place? Documented(JsonWalk walk, int key) => walk.Tape[key].HasEscapes ? null : _members.Exact(walk.Raw(key));

    // No two documented names fold alike and no name is there twice as it is, so only an object with any other name needs the look.
    private int FindDuplicate(JsonWalk walk, int token)
    {
        for (var (key, end) = (token + 1, walk.Tape[token].Next); key < end; key = walk.Tape[key + 1].Next)
        {
            if (Documented(walk, key) is null)
            {
                return JsonKeys.FindDuplicate(walk.Json, walk.Tape, token, folded: true);
            }
        }

        return -1;
    }
}
