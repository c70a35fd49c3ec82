using System.Runtime.InteropServices;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Json.Locating;
using LlmGuard.Planning;

namespace LlmGuard.Http.Json;

/// <summary>Turns the tokens of one JSON text into segments, as the places of a dialect direct.</summary>
/// <remarks>
/// Keeps for every segment where it came from. Once a limit is passed nothing more is added and <see cref="Status"/> says so. Where the content lives
/// in the memory of a call, the walk goes back to a small stock of the thread together with it: who keeps one longer asks <see cref="Use"/> whether
/// it is still the same.
/// </remarks>
internal sealed partial class JsonWalk : IReleasable
{
    /// <summary>Slots at or below this belong to the stream rather than to this walk.</summary>
    public const int StreamSlot = -2;

    // The number of a join or group is the index of its first segment, which makes it unique within the content whoever fills the builder.
    private readonly OriginList _origins;
    private ReadOnlyMemory<byte> _json;
    private JsonReadOptions _options;
    private GuardrailContentBuilder _builder;
    private List<int>? _slots;
    private List<(TextSpan Place, int Segment)>? _paddings;
    private List<NestedText>? _nested;
    private List<DerivedValue>? _derived;
    private List<StreamFragment>? _fragments;
    private List<TextSpan>? _counters;
    private List<TextSpan>? _fills;
    private JsonTape? _tape;
    private UnescapeBuffer? _unescaped;
    private int _scopes;

    /// <summary>A walk of its own, which goes back nowhere.</summary>
    public JsonWalk(ReadOnlyMemory<byte> json, JsonTape tape, JsonReadOptions options, GuardrailContentBuilder builder)
        : this(isLent: false) => Begin(json, tape, options, builder);

    private JsonWalk(bool isLent)
    {
        _origins = new OriginList(isLent);
        (_options, _builder) = (NoOptions, NoBuilder);
    }

    public ReadOnlyMemory<byte> Whole => _json;

    public ReadOnlySpan<byte> Json => _json.Span;

    public JsonDirection Direction => _options.Direction;

    /// <summary>How many texts it has walked, this one included.</summary>
    public int Use { get; private set; }

    public IReleasable? Next { get; set; }

    /// <summary>The tokens; gone after <see cref="Close"/>.</summary>
    public JsonTape Tape => _tape ?? throw new ObjectDisposedException(nameof(JsonTape));

    public JsonLocateStatus Status { get; private set; }

    /// <summary>Where the name stands that made the walk fail, the second of two that are the same; else null.</summary>
    public int? Duplicate { get; private set; }

    /// <summary>Whether the segment limit was passed or an object is ambiguous: there is no point in going on.</summary>
    public bool HasFailed => Status != JsonLocateStatus.Ok;

    public JsonStreamState? Stream => _options.Stream;

    public PlanLimits Limits => _options.Limits;

    public int FirstSegment { get; private set; }

    public OriginList Origins => _origins;

    public ReadOnlySpan<NestedText> Nested => CollectionsMarshal.AsSpan(_nested);

    public ReadOnlySpan<DerivedValue> Derived => CollectionsMarshal.AsSpan(_derived);

    public ReadOnlySpan<StreamFragment> Fragments => CollectionsMarshal.AsSpan(_fragments);

    /// <summary>Where numbers of events stand.</summary>
    public IReadOnlyList<TextSpan> Counters => _counters ?? [];

    /// <summary>Where strings stand that begin the alphabet and say nothing.</summary>
    public IReadOnlyList<TextSpan> Fills => _fills ?? [];

    /// <summary>Where padding stands, and its segment.</summary>
    public IReadOnlyList<(TextSpan Place, int Segment)> Paddings => _paddings ?? [];

    /// <summary>Whether a derived value is stale by what events before this one lost.</summary>
    public bool HasStale => Stream is { } stream && _derived is not null && IsAnyStale(stream, _derived);

    private void Begin(ReadOnlyMemory<byte> json, JsonTape tape, JsonReadOptions options, GuardrailContentBuilder builder)
    {
        (_json, _tape, _options, _builder) = (json, tape, options, builder);
        FirstSegment = builder.Count;
    }

    /// <summary>Makes room at once for segments that are likely to come.</summary>
    public void Expect(int segments)
    {
        _builder.Expect(segments);
        _origins.EnsureCapacity(segments);
    }

    /// <summary>Lets the tape go, which is lent for the time of reading only. What was found stays.</summary>
    public void Close()
    {
        _tape = null;
        _unescaped?.Return();
        _unescaped = null;
    }

    public void Fail(JsonLocateStatus status) => Status = HasFailed ? Status : status;

    /// <summary>Ends the walk at a key whose name stands twice in its object.</summary>
    public void FailAt(int key)
    {
        Fail(JsonLocateStatus.Ambiguous);
        Duplicate = Tape[key].Start;
    }

    /// <summary>A new number for texts that belong together; see <see cref="PlaceContext.Join"/> and <see cref="PlaceContext.Group"/>.</summary>
    public int NewSlot()
    {
        (_slots ??= []).Add(-1);
        return _slots.Count - 1;
    }

    public int NewScope() => _scopes++;

    /// <summary>Takes note of the number of an event.</summary>
    public void Count(int token) => (_counters ??= []).Add(new TextSpan(Tape[token].Start, Tape[token].Length));

    /// <summary>Takes note of a string that begins the alphabet and becomes no segment.</summary>
    public void Fill(int token) => (_fills ??= []).Add(new TextSpan(Tape[token].Start, Tape[token].Length));

    /// <summary>Takes note of padding, which becomes the next segment.</summary>
    public void Pad(int token) => (_paddings ??= []).Add((new TextSpan(Tape[token].Start, Tape[token].Length), _builder.Count));

    /// <summary>Adds a string or number; an empty string and a measure hold nothing to judge and are passed over.</summary>
    public void Leaf(int token, in PlaceContext context)
    {
        if (Tape[token].Kind == JsonTokenKind.Number)
        {
            // Where a dialect says that a model reads the number, it is judged whatever it looks like.
            if (context.Kind == SegmentKind.Unknown && JsonNumbers.IsMeasure(Raw(token)))
            {
                return;
            }

            Text(_json.Slice(Tape[token].Start, Tape[token].Length), Origin(token, context, OriginKind.Number), context with
            {
                Editability = context.Editability.Scope == EditScope.None ? context.Editability : Editability.WholeValue,
            });
        }
        else if (Tape[token].Length > 0)
        {
            Text(Unescape(token), Origin(token, context, OriginKind.String), context);
        }
    }

    /// <summary>Adds a property name.</summary>
    public void Key(int token, in PlaceContext context)
    {
        if (Tape[token].Length > 0)
        {
            Text(Unescape(token), new SegmentOrigin { Nested = -1, Scope = -1 }, context with
            {
                Kind = SegmentKind.Key,
                Editability = Editability.Key,
                Join = -1,
            });
        }
    }

    /// <summary>Adds every string, number and key of a value.</summary>
    public void Tree(int token, in PlaceContext context)
    {
        // The tape is flat, so no recursion however deep the limit is set.
        for (var (i, end) = (token, Tape[token].Next); i < end && !HasFailed; i++)
        {
            switch (Tape[i].Kind)
            {
                case JsonTokenKind.Key:
                    Key(i, context);
                    break;
                case JsonTokenKind.String or JsonTokenKind.Number:
                    Leaf(i, context);
                    break;
            }
        }
    }

    /// <summary>Adds a value in a place that no dialect describes.</summary>
    public void Unknown(int token, in PlaceContext context)
    {
        var unknown = context with { Kind = SegmentKind.Unknown, Join = -1, Group = -1 };
        if (Stream is not null)
        {
            new UnknownEvent(this, Stream, unknown).Add(token);
        }
        else
        {
            Tree(token, unknown);
        }
    }

    /// <summary>Adds the leaves of JSON inside a string; the string itself if that is not JSON.</summary>
    public void NestedJson(int token, in PlaceContext context)
    {
        var inner = Unescape(token);
        using var innerTape = JsonTape.Rent();
        var status = JsonLocator.Instance.Locate(inner.Span, Limits.MaxDepth, JsonBodyReader.MaxTokens(Limits), innerTape);
        switch (status)
        {
            case JsonLocateStatus.Ok:
                var walk = Rent(inner, innerTape, _options, _builder);
                walk.Tree(0, context with { Group = walk.NewSlot(), Join = -1 });
                Status = walk.Status;
                (_nested ??= []).Add(new NestedText(Tape[token].Start, Tape[token].Length, Tape[token].HasEscapes, inner));
                for (var i = 0; i < walk._origins.Count; i++)
                {
                    _origins.Add(walk._origins[i] with { Nested = _nested.Count - 1, Scope = context.Scope });
                }

                break;
            case JsonLocateStatus.Malformed:
                Leaf(token, context);
                break;
            default:
                Fail(status);
                break;
        }
    }

    /// <summary>Adds text that is not spelled out in the body, such as a decoded document; it cannot be edited.</summary>
    public void DecodedText(ReadOnlyMemory<byte> utf8, in PlaceContext context) =>
        Text(utf8, new SegmentOrigin { Nested = -1, Scope = -1 }, context with { Editability = Editability.Opaque, Join = -1 });

    public void Binary(UninspectedKind kind, ReadOnlyMemory<byte> bytes, string? mediaType, Uri? uri, in PlaceContext context)
    {
        if (HasRoom())
        {
            _builder.AddBinary(kind, bytes, mediaType, uri, Info(context));
            _origins.Add(new SegmentOrigin { Nested = -1, Scope = -1 });
        }
    }

    public void Opaque(UninspectedKind kind, in PlaceContext context)
    {
        if (HasRoom())
        {
            _builder.AddOpaque(kind, Info(context));
            _origins.Add(new SegmentOrigin { Nested = -1, Scope = -1 });
        }
    }

    /// <summary>Records a value that is emptied when the text it derives from is edited.</summary>
    public void AddDerived(int token, in PlaceContext context, bool messageOnly)
    {
        // One that is empty has nothing to lose.
        var value = Tape[token];
        if (value.Next > token + 1)
        {
            (_derived ??= []).Add(new DerivedValue(value.Start, Tape.LengthOf(Json, token), context.Scope,
                messageOnly, context.Position, value.Kind == JsonTokenKind.Array));
        }
    }

    /// <summary>Hands a piece of a text that only makes sense whole to the stream.</summary>
    public void AddFragment(int token, StreamChannel channel, in PlaceContext context)
    {
        var fragment = new StreamFragment(Unescape(token), Origin(token, context, OriginKind.String));
        (_fragments ??= []).Add(fragment);
        Stream!.Add(channel, fragment, context with { Name = context.Name ?? Stream.ToolAt(context.Position) }, _options);
    }

    /// <summary>The text of a string or key.</summary>
    public ReadOnlyMemory<byte> Unescape(int token)
    {
        var found = Tape[token];
        if (!found.HasEscapes)
        {
            return _json.Slice(found.Start, found.Length);
        }

        _unescaped ??= UnescapeBuffer.Rent(MemoryOf(_options, _builder), Tape.EscapedBytes);
        return _unescaped.Unescape(Raw(token));
    }

    private void Text(ReadOnlyMemory<byte> utf8, in SegmentOrigin origin, in PlaceContext context)
    {
        if (HasRoom())
        {
            _builder.AddValidText(utf8, Info(context));
            _origins.Add(origin);
        }
    }

    private bool HasRoom()
    {
        if (_builder.Count >= Limits.MaxSegments)
        {
            Fail(JsonLocateStatus.TooManyTokens);
        }

        return !HasFailed;
    }

    private SegmentOrigin Origin(int token, in PlaceContext context, OriginKind kind) => new()
    {
        Kind = context.Editability.Scope == EditScope.None ? OriginKind.Fixed : kind,
        Start = Tape[token].Start,
        Length = Tape[token].Length,
        HasEscapes = Tape[token].HasEscapes,
        Nested = -1,
        Scope = context.Scope,
        IsMessage = context.Kind == SegmentKind.Message,
        Choice = context.Position.Choice,
        Block = context.Position.Block,
    };

    private SegmentInfo Info(in PlaceContext context) => new()
    {
        Role = context.Role,
        Kind = context.Kind,
        Position = context.Position,
        Name = context.Name,
        Editability = context.Editability,
        Group = Number(context.Group),
        Join = context.Join <= StreamSlot ? JsonStreamState.JoinOf(context.Join) : Number(context.Join),
    };

    private int Number(int slot) => slot < 0 ? -1 : _slots![slot] < 0 ? _slots[slot] = _builder.Count : _slots[slot];

    // Events are many and small: what one of them takes is not worth lending.
    private static ContentMemory? MemoryOf(JsonReadOptions options, GuardrailContentBuilder builder) =>
        options.Stream is null ? builder.Memory : null;

    // On its own: what captures the stream would be made for bodies, too, that have none.
    private static bool IsAnyStale(JsonStreamState stream, List<DerivedValue> derived) => derived.Exists(d => stream.IsStale(d));
}
