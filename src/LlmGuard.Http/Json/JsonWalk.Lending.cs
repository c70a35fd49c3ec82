namespace LlmGuard.Http.Json;

/// <content>Where walks come from, and go back to with the content that they have added to.</content>
internal sealed partial class JsonWalk
{
    // A request and its answer, a text nested in one, and one more.
    private const int Stock = 4;

    [ThreadStatic]
    private static JsonWalk? _stock;

    [ThreadStatic]
    private static int _stocked;

    private static readonly JsonReadOptions NoOptions = new() { Direction = JsonDirection.Request };
    private static readonly GuardrailContentBuilder NoBuilder = new();

    /// <summary>A walk that goes back together with the content it adds to, where that is lent.</summary>
    public static JsonWalk Rent(ReadOnlyMemory<byte> json, JsonTape tape, JsonReadOptions options, GuardrailContentBuilder builder)
    {
        if (MemoryOf(options, builder) is not { } memory)
        {
            return new JsonWalk(json, tape, options, builder);
        }

        var walk = _stock;
        if (walk is null)
        {
            walk = new JsonWalk(isLent: true);
        }
        else
        {
            _stock = (JsonWalk?)walk.Next;
            _stocked--;
        }

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
        (_json, _options, _builder, Next) = (default, NoOptions, NoBuilder, null);
        (_slots, _paddings, _nested, _derived, _fragments, _counters, _fills) = (null, null, null, null, null, null, null);
        (_scopes, FirstSegment, Status, Duplicate) = (0, 0, default, null);
        if (_stocked < Stock)
        {
            (Next, _stock) = (_stock, this);
            _stocked++;
        }
    }
}
