namespace LlmGuard.Http.Dialects.Places;

/// <summary>The words that dialects' tables are written in.</summary>
internal static class Expect
{
    public static Place Unknown { get; } = new UnknownPlace();

    public static Place Ignored { get; } = new IgnoredPlace();

    public static Place Scalar { get; } = new ScalarPlace();

    public static Place Id { get; } = new IdentifierPlace(null, null);

    /// <summary>Letters of no meaning, which hide from eavesdroppers how long an event's text is.</summary>
    public static Place Padding { get; } = new PaddingPlace();

    /// <summary>The number of a stream's event.</summary>
    public static Place Counter { get; } = new CounterPlace();

    /// <summary>A text of the context's kind, alone.</summary>
    public static Place Plain { get; } = new TextPlace(null, joins: false);

    /// <summary>A text of the context's kind that is read as one with its neighbours.</summary>
    public static Place Part { get; } = new TextPlace(null, joins: true);

    public static Place Encrypted { get; } = new OpaquePlace(UninspectedKind.EncryptedReasoning);

    public static Place TokenIds { get; } = new OpaquePlace(UninspectedKind.TokenIds);

    /// <summary>A reference to a file the provider keeps.</summary>
    public static Place FileId { get; } = new IdentifierPlace(null, UninspectedKind.File);

    /// <summary>A reference to state the provider keeps.</summary>
    public static Place ServerState { get; } = new IdentifierPlace(null, UninspectedKind.ServerState);

    public static Place Text(SegmentKind kind) => new TextPlace(kind, joins: false);

    public static Place Word(params string[] words) => new WordPlace(Unknown, words);

    public static Place Figures(params string[] words) => new FiguresPlace(count: false, words);

    /// <summary>Figures that every event of a stream tells anew, such as the tokens used so far.</summary>
    public static Place Totals(params string[] words) => new FiguresPlace(count: true, words);

    /// <summary>A value in the envelope of every stream event.</summary>
    public static Place Envelope(string field) => new IdentifierPlace(field, null);

    public static Place Tree(SegmentKind kind) => new TreePlace(kind);

    public static Place Json(SegmentKind kind) => new NestedJsonPlace(kind);

    public static Place Fragment(string field, SegmentKind kind) => new FragmentPlace(field, kind);

    public static Place Streamed(string field, SegmentKind kind) => new StreamedPlace(field, new TextPlace(kind, joins: true), acrossBlocks: false);

    /// <summary>Like <see cref="Streamed"/>, for texts that are read as one whichever block they stand in.</summary>
    public static Place StreamedAcross(string field, Place place) => new StreamedPlace(field, place, acrossBlocks: true);

    public static Place Object(params (string Name, Place Place)[] members) => new ObjectPlace(members, null, null);

    public static Place Object(ContextOf enter, params (string Name, Place Place)[] members) => new ObjectPlace(members, enter, null);

    public static Place Object(Place rest, params (string Name, Place Place)[] members) => new ObjectPlace(members, null, rest);

    public static Place Array(Place item, PositionAxis axis = PositionAxis.None) => new ArrayPlace(item, axis, joined: false);

    /// <summary>An array whose texts are read as one.</summary>
    public static Place Parts(Place item, PositionAxis axis) => new ArrayPlace(item, axis, joined: true);

    public static Place OneOf(Place text, Place? array = null, Place? item = null) => new OneOfPlace(text, array, item);

    public static Place Union(Place fallback, params (string Type, Place Place)[] cases) => new UnionPlace("type", cases, fallback);

    /// <summary>An object that another member than <c>type</c> tells apart, given by its folded name.</summary>
    public static Place UnionBy(string member, Place fallback, params (string Type, Place Place)[] cases) => new UnionPlace(member, cases, fallback);

    /// <summary>An object whose names are the sender's own.</summary>
    public static Place Map(Place value) => new MapPlace(value);

    public static Place Derived(bool messageOnly, Place? texts = null) => new DerivedPlace(messageOnly, texts);

    public static Place Url(UninspectedKind kind) => new MediaUrlPlace(kind);

    public static Place As(SegmentRole role, SegmentKind kind, Place place) =>
        new ContextPlace((_, _, context) => context with { Role = role, Kind = kind }, place);

    public static Place In(ContextOf change, Place place) => new ContextPlace(change, place);
}
