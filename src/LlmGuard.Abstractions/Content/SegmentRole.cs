namespace LlmGuard;

/// <summary>
/// Who speaks in a segment. Open and string-backed: a dialect may report a role this library has never heard of.
/// </summary>
/// <remarks>
/// Roles are claims of the client, so a role that is unknown, absent or ill-typed satisfies every <c>roles</c> filter of a policy:
/// a filter may narrow what is judged, a made-up role must not. Compared by ordinal string equality.
/// </remarks>
/// <param name="Value">The role in lower case, or the empty string when the content states none.</param>
public readonly record struct SegmentRole(string Value)
{
    /// <summary>Instructions of the application (<c>system</c> and <c>developer</c> messages).</summary>
    public static SegmentRole System { get; } = new("system");

    /// <summary>The end user.</summary>
    public static SegmentRole User { get; } = new("user");

    /// <summary>The model.</summary>
    public static SegmentRole Assistant { get; } = new("assistant");

    /// <summary>A tool, or anything a tool returned.</summary>
    public static SegmentRole Tool { get; } = new("tool");

    /// <summary>No role is stated, or the stated one is not text. Satisfies every filter.</summary>
    public static SegmentRole Unknown { get; } = new("");

    /// <summary>The role in lower case; empty when unknown. Never null.</summary>
    /// <remarks>Stored as null when unknown, so that the default value of this type equals <see cref="Unknown"/>.</remarks>
    public string Value { get => field ?? ""; } = string.IsNullOrEmpty(Value) ? null : Value;

    /// <summary>Whether this is one of the roles a policy can name: system, user, assistant or tool.</summary>
    public bool IsKnown => Value is "system" or "user" or "assistant" or "tool";

    /// <inheritdoc/>
    public override string ToString() => IsKnown ? Value : "unknown";
}
