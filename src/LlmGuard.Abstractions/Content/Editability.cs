namespace LlmGuard;

/// <summary>How much of a segment an edit may touch.</summary>
public enum EditScope
{
    /// <summary>Any span of the text.</summary>
    Span,

    /// <summary>Only the whole value, which then becomes text: a JSON number, for example.</summary>
    WholeValue,

    /// <summary>Nothing. An edit fails the evaluation; a plugin that must not let the text pass blocks instead.</summary>
    None,
}

/// <summary>Whether and how a segment may be edited, and if not, why.</summary>
public readonly record struct Editability
{
    private readonly Limit _limit;

    private Editability(Limit limit) => _limit = limit;

    /// <summary>A number that stands for it, and from which <see cref="Of"/> makes it again.</summary>
    internal byte Number => (byte)_limit;

    /// <summary>What a <see cref="Number"/> stands for.</summary>
    internal static Editability Of(byte number) => new((Limit)number);

    // What makes a segment not editable comes last. One byte, for there is one in every segment.
    private enum Limit : byte
    {
        Nothing,
        Parts,
        Signature,
        Key,
        Identifier,
        Opacity,
    }

    /// <summary>Any span may be edited. The default value of this type.</summary>
    public static Editability Span { get; }

    /// <summary>Only the whole value may be replaced.</summary>
    public static Editability WholeValue { get; } = new(Limit.Parts);

    /// <summary>Not editable: a signature covers the text.</summary>
    public static Editability Signed { get; } = new(Limit.Signature);

    /// <summary>Not editable: a property name.</summary>
    public static Editability Key { get; } = new(Limit.Key);

    /// <summary>Not editable: an identifier or a routing value that the receiver resolves.</summary>
    public static Editability Identifier { get; } = new(Limit.Identifier);

    /// <summary>Not editable: the payload is not text.</summary>
    public static Editability Opaque { get; } = new(Limit.Opacity);

    /// <summary>How much may be edited.</summary>
    public EditScope Scope => _limit switch
    {
        Limit.Nothing => EditScope.Span,
        Limit.Parts => EditScope.WholeValue,
        _ => EditScope.None,
    };

    /// <summary>Why nothing may be edited, as a short code; null when editing is possible.</summary>
    public string? Reason => _limit switch
    {
        Limit.Signature => "signed",
        Limit.Key => "key",
        Limit.Identifier => "identifier",
        Limit.Opacity => "opaque",
        _ => null,
    };
}
