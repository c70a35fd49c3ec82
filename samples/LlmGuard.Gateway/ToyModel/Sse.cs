using System.Text.Json.Nodes;

namespace LlmGuard.Gateway.ToyModel;

/// <summary>Words server-sent events.</summary>
internal static class Sse
{
    public const string Done = "data: [DONE]\n\n";

    public static string Data(JsonObject data) => $"data: {data.ToJsonString()}\n\n";

    public static string Named(JsonObject data) => $"event: {data["type"]}\ndata: {data.ToJsonString()}\n\n";
}
