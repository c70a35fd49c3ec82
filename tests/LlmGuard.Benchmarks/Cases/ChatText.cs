using LlmGuard.Http.Json;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>Chat requests read the way the seams read them, without the HTTP around them.</summary>
internal static class ChatText
{
    public const string Path = "/v1/chat/completions";

    private static readonly JsonReadOptions Options = new() { Direction = JsonDirection.Request, Dialect = "openai.chat_completions" };

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="memory">What the content lives in and leaves with its call, as in the seams; null for content that is kept.</param>
    public static (JsonBody Body, GuardrailContent Content) Read(byte[] body, ContentMemory? memory = null)
    {
        var builder = new GuardrailContentBuilder(memory);
        var read = JsonBodyReader.Read(body, Options, builder);
        return (read.Body ?? throw new InvalidOperationException("The benchmark's own body cannot be read."), builder.Build());
    }
}
