using System.Text;

namespace LlmGuard.Integration.Tests.Harness;

/// <summary>Short forms of chat requests, answers and policies.</summary>
internal static class Chat
{
    public const string Path = "/v1/chat/completions";

    public static string Request(string content) => $$"""{"model":"m","messages":[{"role":"user","content":"{{content}}"}]}""";

    public static string Answer(string content) =>
        $$$"""{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{content}}}","refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""";

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static string Gateway(string entries, string more = "", string level = "") =>
        $$"""{ "gateway": { "name": "G" {{level}}, "required_plugins": [ {{entries}} ] } {{more}} }""";

    public static async Task<(int Status, string Body)> PostAsync(
        this HttpClient client,
        string path,
        string json,
        CancellationToken cancellationToken)
    {
        using var content = Json(json);
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        return ((int)response.StatusCode, await BodyAsync(response, cancellationToken));
    }

    public static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
