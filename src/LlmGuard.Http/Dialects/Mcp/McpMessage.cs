using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.Mcp;

/// <summary>A JSON-RPC message: either side sends requests, notifications and results, alone or in a batch.</summary>
internal static class McpMessage
{
    /// <summary>A request or notification, or what stands for one.</summary>
    public static Place Request { get; } = Expect.UnionBy(
        "method", Message(McpParams.Other), [.. McpParams.ByMethod.Select(static method => (method.Method, Message(method.Params)))]);

    public static Place Root { get; } = Expect.OneOf(Expect.Unknown, Expect.Array(Request), Request);

    // The method and the id are how the other side knows what is asked and answered: inspected, never rewritten.
    private static Place Message(Place parameters) => Expect.Object(
        ("jsonrpc", Expect.Word("2.0")),
        ("id", Expect.Id),
        ("method", Expect.Id),
        ("params", parameters),
        ("result", new DeferredPlace(static () => McpResult.Root)),
        ("error", Expect.As(SegmentRole.Unknown, SegmentKind.Error, Expect.Tree(SegmentKind.Error))));
}
