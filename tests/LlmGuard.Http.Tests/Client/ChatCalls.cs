using System.Text;

namespace LlmGuard.Http.Tests.Client;

/// <summary>Chat completions as these tests ask for them and answer them.</summary>
internal static class ChatCalls
{
    /// <summary>Where chat completions are asked for.</summary>
    public const string ChatPath = "/v1/chat/completions";

    /// <summary>A request of that path.</summary>
    public static HttpRequestMessage Post(string json) =>
        new(HttpMethod.Post, ChatPath) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    /// <summary>The body of a request whose user says something.</summary>
    public static string Body(string content) => $$"""{"model":"m","messages":[{"role":"user","content":"{{content}}"}]}""";

    /// <summary>The body of an answer, with its usage.</summary>
    public static string Answer(string content) =>
        $$$"""{"choices":[{"index":0,"message":{"role":"assistant","content":"{{{content}}}"}}], "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""";

    /// <summary>Reads the body as a caller would.</summary>
    public static async Task<string> TextAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        return await reader.ReadToEndAsync();
    }
}
