using System.Text.Json.Nodes;

namespace LlmGuard.Integration.Tests.Sdks.Model;

/// <summary>What the dialects of the scripted model share.</summary>
internal static class Words
{
    /// <summary>The tool that scenes call.</summary>
    public const string Tool = "send";

    /// <summary>A text as a JSON string.</summary>
    public static string Quote(string text) => JsonValue.Create(text).ToJsonString();

    public static string Event(string json) => $"data: {json}\n\n";

    public static string Event(string type, string rest) => $"event: {type}\ndata: {{\"type\":\"{type}\",{rest}}}\n\n";
}
