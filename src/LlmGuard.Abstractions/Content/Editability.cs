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
    private Editability(EditScope scope, string? reason) => (Scope, Reason) = (scope, reason);

    /// <summary>Any span may be edited. The default value of this type.</summary>
    public static Editability Span { get; }

    /// <summary>Only the whole value may be replaced.</summary>
    public static Editability WholeValue { get; } = new(EditScope.WholeValue, null);

    /// <summary>Not editable: a signature covers the text.</summary>
    public static Editability Signed { get; } = new(EditScope.None, "signed");

    /// <summary>Not editable: a property name.</summary>
    public static Editability Key { get; } = new(EditScope.None, "key");

    /// <summary>Not editable: an identifier or a routing value that the receiver resolves.</summary>
    public static Editability Identifier { get; } = new(EditScope.None, "identifier");

    /// <summary>Not editable: the payload is not text.</summary>
    public static Editability Opaque { get; } = new(EditScope.None, "opaque");

    /// <summary>How much may be edited.</summary>
    public EditScope Scope { get; }

    /// <summary>Why nothing may be edited, as a short code; null when editing is possible.</summary>
    public string? Reason { get; }
}
