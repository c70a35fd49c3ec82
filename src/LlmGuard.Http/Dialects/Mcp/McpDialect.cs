using System.Text;
using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Mcp;

/// <summary>The Model Context Protocol over HTTP: JSON-RPC messages in both directions, answered as JSON or as events.</summary>
internal sealed class McpDialect : Dialect
{
    // Methods after which nothing at the server is different.
    private static readonly string[] ReadingMethods =
    [
        "initialize", "server/discover", "ping", "tools/list", "prompts/list", "prompts/get", "resources/list", "resources/templates/list",
        "resources/read", "completion/complete", "roots/list",
    ];

    public override string Id => "mcp.jsonrpc";

    public override bool HasBatches => true;

    public override bool IsListenedTo => true;

    public override bool Serves(ReadOnlySpan<string> path) => DialectPath.EndsWith(path, "mcp");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) => members.GetValueOrDefault("jsonrpc") == "2.0";

    public override Place Root(JsonDirection direction) => McpMessage.Root;

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        if (direction != JsonDirection.Request)
        {
            return new CallFacts();
        }

        var method = walk.String(walk.Find(0, "method"u8));
        var id = walk.Find(0, "id"u8);
        return new CallFacts
        {
            Messages = walk.Tape[0].Kind == JsonTokenKind.Array ? walk.CountOf(0) : 1,
            CreatesServerState = method is null ? walk.Tape[0].Kind == JsonTokenKind.Array : !IsReading(method),

            // Only the call of a tool can be answered by a result that refuses; an error needs no id over HTTP.
            ReplyTo = method == "tools/call" && id >= 0 ? RawOf(walk, id) : null,
        };
    }

    // No model is named in it, and no tokens are counted.
    public override bool TryChange(RequestChange change, RequestMembers members) => change is RequestChange.ReportUsage;

    public override DialectAnswer Error(RefusedCall call) => McpRefusal.Error(call);

    public override DialectAnswer? Completion(RefusedCall call) => call.ReplyTo is null ? null : McpRefusal.ToolResult(call);

    private static bool IsReading(string method) =>
        method.StartsWith("notifications/", StringComparison.Ordinal) || ReadingMethods.Contains(method, StringComparer.Ordinal);

    private static string? RawOf(JsonWalk walk, int id) => walk.Tape[id].Kind switch
    {
        JsonTokenKind.String => Encoding.UTF8.GetString(RequestMembers.Quote(walk.String(id)!).Span),
        JsonTokenKind.Number => Encoding.UTF8.GetString(walk.Raw(id)),
        _ => null,
    };
}
