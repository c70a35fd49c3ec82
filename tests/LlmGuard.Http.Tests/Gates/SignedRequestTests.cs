using System.Net;
using System.Text;
using LlmGuard.Http.Tests.Client;

namespace LlmGuard.Http.Tests.Gates;

/// <summary>A request whose body is under a keyed signature: it can be judged, but not changed.</summary>
public sealed class SignedRequestTests
{
    private const string Signature =
        "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=00";

    [TestCase("a pear", HttpStatusCode.OK, 1)]
    [TestCase("a peach", HttpStatusCode.Forbidden, 0)]
    public async Task Body_UnderASignature_IsForwardedAsItIsOrRefused(string text, HttpStatusCode expected, int sent)
    {
        await using var guarded =
            new GuardedClient("""{ "name": "word", "settings": { "mask": "peach" } }""", static _ => RecordingUpstream.Json("{}"));
        var body = $$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", Signature);

        using var response = await guarded.Client.SendAsync(request);

        Assert.That((response.StatusCode, guarded.Upstream.Requests.Count), Is.EqualTo((expected, sent)));
        Assert.That(guarded.Upstream.Requests.Select(static r => r.Body), Is.All.EqualTo(body));
    }
}
