using System.Net;
using System.Text;

namespace LlmGuard.AspNetCore.Tests.Doubles;

/// <summary>Short forms for requests and answers.</summary>
internal static class Replies
{
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static StringContent Text(string text) => new(text, Encoding.UTF8, "text/plain");

    public static async Task<(HttpStatusCode Status, string Body)> Read(this Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return (response.StatusCode, await Body(response));
    }

    public static async Task<string> Body(HttpResponseMessage response) =>
        await new StreamReader(await response.Content.ReadAsStreamAsync()).ReadToEndAsync();
}
