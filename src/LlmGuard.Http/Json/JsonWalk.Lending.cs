namespace LlmGuard.Http.Json;

/// <content>Where walks come from, and go back to with the content that they have added to.</content>
internal sealed partial class JsonWalk
{
    private static readonly JsonReadOptions NoOptions = new() { Direction = JsonDirection.Request };
    private static readonly GuardrailContentBuilder NoBuilder = new();

    /// <summary>A walk that goes back together with the content it adds to, where that is lent.</summary>
    public static JsonWalk Rent(ReadOnlyMemory<byte> json, JsonTape tape, JsonReadOptions options, GuardrailContentBuilder builder)
    {
        if (MemoryOf(options, builder) is not { } memory)
        {
            return new JsonWalk(json, tape, options, builder);
        }

        var walk = ReleasedStock<JsonWalk>.Take() ?? new JsonWalk(isLent: true);
        memory.Add(walk);
        walk.Begin(json, tape, options, builder);
        return walk;
    }

    /// <summary>Ends the use of it: what it knew of the text is gone.</summary>
    public void Release()
    {
        // First, so that whoever kept it is told before it knows anything of another text.
        Use++;
        Close();
        _origins.Release();
        (_json, _options, _builder) = (default, NoOptions, NoBuilder);
        (_slots, _paddings, _nested, _derived, _fragments, _counters, _fills) = (null, null, null, null, null, null, null);
        (_scopes, FirstSegment, Status, Duplicate) = (0, 0, default, null);
        ReleasedStock<JsonWalk>.Keep(this);
    }
}
