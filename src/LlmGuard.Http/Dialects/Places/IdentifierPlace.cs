using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A value that the receiver resolves: inspected like any text, never rewritten.</summary>
/// <param name="field">Name in the envelope of stream events, which repeat it: read again only when it changes. Null when not repeated.</param>
/// <param name="refersTo">What it stands for that cannot be inspected here, or null.</param>
internal sealed class IdentifierPlace(string? field, UninspectedKind? refersTo) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind == JsonTokenKind.Null
            || (field is not null && walk.Stream is not null && walk.Stream.IsRepeated(field, walk.Raw(token))))
        {
            return;
        }

        var inner = context with { Kind = SegmentKind.Metadata, Editability = Editability.Identifier, Join = -1, Group = -1 };
        walk.Tree(token, inner);
        if (refersTo is { } kind && !walk.IsEmptyString(token))
        {
            walk.Opaque(kind, inner);
        }
    }
}

/// <summary>Something nobody here can read, such as encrypted reasoning.</summary>
internal sealed class OpaquePlace(UninspectedKind refersTo) : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind != JsonTokenKind.Null && !IsEmpty(walk, token))
        {
            walk.Opaque(refersTo, context);
        }
    }

    // Clients send empty ones for those they do not have.
    private static bool IsEmpty(JsonWalk walk, int token) =>
        walk.IsEmptyString(token) || (walk.Tape[token].Kind is JsonTokenKind.Array or JsonTokenKind.Object && walk.Tape[token].Next == token + 1);
}

/// <summary>A member without text, or one that its object's own place has dealt with.</summary>
internal sealed class IgnoredPlace : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
    }
}
