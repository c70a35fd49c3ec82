using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>The roles that wire formats use, in our terms.</summary>
internal static class RoleOf
{
    /// <summary>The words the dialects define; any other role is text of the sender.</summary>
    public static string[] Words { get; } = ["system", "developer", "user", "assistant", "tool", "function"];

    /// <summary>The role of an object by its <c>role</c> member.</summary>
    public static SegmentRole Of(JsonWalk walk, int token)
    {
        // These two make up nearly all of a conversation; the words of the others are made strings.
        var role = walk.Find(token, "role"u8);
        return walk.Is(role, "user"u8) ? SegmentRole.User
            : walk.Is(role, "assistant"u8) ? SegmentRole.Assistant
            : Named(walk.String(role));
    }

    /// <summary>What a message with a <c>role</c> member says of all that is in it.</summary>
    public static PlaceContext Message(JsonWalk walk, int token, PlaceContext context)
    {
        var role = Of(walk, token);
        return context with
        {
            Role = role,
            Kind = role == SegmentRole.Tool ? SegmentKind.ToolResult : SegmentKind.Message,
            Scope = walk.NewScope(),
        };
    }

    // An unknown role is reported as it is, which satisfies every filter; an absent or ill-typed one is unknown.
    private static SegmentRole Named(string? role) => role switch
    {
        null => SegmentRole.Unknown,
        "system" or "developer" => SegmentRole.System,
        "tool" or "function" => SegmentRole.Tool,
        _ => new SegmentRole(role),
    };
}
