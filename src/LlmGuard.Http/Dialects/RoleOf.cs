namespace LlmGuard.Http.Dialects;

/// <summary>The roles that wire formats use, in our terms.</summary>
internal static class RoleOf
{
    /// <summary>The words the dialects define; any other role is text of the sender.</summary>
    public static string[] Words { get; } = ["system", "developer", "user", "assistant", "tool", "function"];

    /// <summary>An unknown role is reported as it is, which satisfies every filter; an absent or ill-typed one is unknown.</summary>
    public static SegmentRole Named(string? role) => role switch
    {
        null => SegmentRole.Unknown,
        "system" or "developer" => SegmentRole.System,
        "tool" or "function" => SegmentRole.Tool,
        _ => new SegmentRole(role),
    };
}
