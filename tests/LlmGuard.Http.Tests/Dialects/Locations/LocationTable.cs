using System.Text.Json;

namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The specification of where text is (<c>chat-text-locations.json</c>), and the templates that stand for its rows.</summary>
internal static class LocationTable
{
    private static readonly JsonElement Specification = JsonDocument.Parse(File.ReadAllBytes(
        Path.Combine(TestContext.CurrentContext.TestDirectory, "Specs", "chat-text-locations.json"))).RootElement;

    /// <summary>Templates by row, by API: one line per API of the specification.</summary>
    public static IReadOnlyDictionary<string, Dictionary<string, LocationTemplate[]>> Templates { get; } =
        new Dictionary<string, Dictionary<string, LocationTemplate[]>>(StringComparer.Ordinal)
        {
            ["openai.chat_completions"] = OpenAiChatLocations.Rows,
            ["anthropic.messages"] = AnthropicMessagesLocations.Rows,
            ["openai.responses"] = OpenAiResponsesLocations.Rows,
            ["openai.completions"] = OpenAiCompletionsLocations.Rows,
            ["openai.embeddings"] = OpenAiEmbeddingsLocations.Rows,
            ["mistral.chat"] = MistralChatLocations.Rows,
            ["bedrock.converse"] = ConverseLocations.Rows,
            ["google.gemini"] = GeminiLocations.Rows,
            ["ollama"] = OllamaLocations.Rows,
            ["cohere.v2_chat"] = CohereChatLocations.Rows,
            ["mcp.jsonrpc"] = McpLocations.Rows,
        };

    /// <summary>Every API of the specification.</summary>
    public static IEnumerable<string> Apis => Specification.GetProperty("apis").EnumerateObject().Select(api => api.Name);

    /// <summary>The rows of an API: direction and path as one name, and what the specification says of masking.</summary>
    public static IEnumerable<(string Row, string Mask)> RowsOf(string api) =>
        Specification.GetProperty("apis").GetProperty(api).GetProperty("locations").EnumerateArray()
            .Select(
                row => (row.GetProperty("direction").GetString() + " " + row.GetProperty("path").GetString(), row.GetProperty("mask").GetString()!));
}
