using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>Tools that act on the provider's side, where nobody sees what goes in and out of them.</summary>
internal static class ServerTools
{
    /// <summary>Whether a request's <c>tools</c> have one.</summary>
    /// <param name="walk">The request.</param>
    /// <param name="isServers">Tells them by their type.</param>
    public static bool Any(JsonWalk walk, Func<string, bool> isServers)
    {
        var tools = walk.Find(0, "tools"u8);
        if (tools < 0 || walk.Tape[tools].Kind != JsonTokenKind.Array)
        {
            return false;
        }

        for (var tool = tools + 1; tool < walk.Tape[tools].Next; tool = walk.Tape[tool].Next)
        {
            if (walk.String(walk.Find(tool, "type"u8)) is { } type && isServers(type))
            {
                return true;
            }
        }

        return false;
    }
}
