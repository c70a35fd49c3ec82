using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Headers that ask for a part of an answer or for none are the guard's where it reads answers; those that protect a write stay.</summary>
public class ConditionTests
{
    [TestCase("PUT", "If-Match", "\"1\"")]
    [TestCase("POST", "If-None-Match", "\"1\"")]
    [TestCase("DELETE", "If-Unmodified-Since", "\"1\"")]
    [TestCase("GET", "If-None-Match", "")]
    [TestCase("GET", "If-Match", "")]
    [TestCase("HEAD", "If-Modified-Since", "")]
    [TestCase("PUT", "Range", "")]
    public async Task Condition_WhereAnswersAreRead_StaysUnderMethodsThatChangeSomething(string method, string name, string seen)
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("words", """["pre_response"]"""),
            [ProbePlugin.Words()],
            routes => routes.Map("/thing", (HttpContext context) => context.Response.Headers["X-Seen"] = context.Request.Headers[name].ToString()));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/thing");
        request.Headers.TryAddWithoutValidation(name, "\"1\"");

        using var response = await app.Client.SendAsync(request);

        Assert.That(string.Concat(response.Headers.GetValues("X-Seen")), Is.EqualTo(seen));
    }
}
