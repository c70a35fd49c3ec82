namespace LlmGuard.Policy;

/// <summary>The dialects a policy may name. The seams that speak them stand above this package, so a test there compares the two lists.</summary>
internal static class KnownDialects
{
    public static IReadOnlyList<string> Ids { get; } =
    [
        "anthropic.messages",
        "bedrock.converse",
        "bedrock.invoke_model",
        "cohere.v1_chat",
        "cohere.v2_chat",
        "google.gemini",
        "mcp.jsonrpc",
        "mistral.chat",
        "ollama.chat",
        "ollama.embed",
        "ollama.generate",
        "openai.chat_completions",
        "openai.completions",
        "openai.embeddings",
        "openai.responses",
    ];
}
