namespace LlmGuard.Policy;

/// <summary>The dialects a policy may name. The seams that speak them stand above this package, so a test there compares the two lists.</summary>
internal static class KnownDialects
{
    public static IReadOnlyList<string> Ids { get; } =
    [
        "anthropic.messages",
        "mcp.jsonrpc",
        "mistral.chat",
        "openai.chat_completions",
        "openai.completions",
        "openai.embeddings",
        "openai.responses",
    ];
}
