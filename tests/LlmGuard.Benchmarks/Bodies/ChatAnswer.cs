namespace LlmGuard.Benchmarks.Bodies;

/// <summary>What the upstreams of the benchmarks answer to everything.</summary>
internal static class ChatAnswer
{
    public static ReadOnlyMemory<byte> Json { get; } =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"All is well, and nothing here is anybody's secret."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}"""u8
            .ToArray();
}
