using System.Text.Json;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Noma;

/// <summary>Checks a request to <c>/ai-dr/v1/prompt/scan/aggregate</c> member by member.</summary>
internal static class NomaAggregateRequest
{
    /// <summary>The text, after <c>request:</c> or <c>response:</c>.</summary>
    public static string Read(FakeRequest request, JsonElement body, List<string> problems)
    {
        NomaShape.Only(body, problems, "request", "response", "context");
        NomaScanRequest.ReadContext(body, "context", problems);
        if (body.TryGetProperty("context", out var context)
            && context.TryGetProperty("applicationId", out var application)
            && request.Header("X-Noma-AIDR-Application-ID") != application.GetString())
        {
            problems.Add("the header names another application");
        }

        var isResponse = body.TryGetProperty("response", out var side);
        if (!isResponse && !body.TryGetProperty("request", out side))
        {
            problems.Add("neither request nor response");
            return "request:";
        }

        NomaShape.Only(side, problems, "text");
        return (isResponse ? "response:" : "request:") + NomaShape.Text(side, "text", problems);
    }
}
