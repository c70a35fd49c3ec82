using System.Net;
using System.Text;

namespace LlmGuard.Http.Tests.Client;

/// <summary>.NET knows of many headers whether they belong to a message or to its content, and throws where one is asked of the other.</summary>
[TestFixture]
public sealed class KnownHeaderTests
{
    private const string MaskBoth = """{ "name": "word", "stage": ["pre_request", "pre_response"], "settings": { "mask": "peach" } }""";
    private const string MaskHeaders = """{ "name": "word", "sources": ["headers"], "settings": { "mask": "peach" } }""";

    [Test]
    public async Task Send_MaskedAnswerWithAnETag_ETagIsGone()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ =>
        {
            var answer = RecordingUpstream.Json("""{ "text": "a peach" }""");
            answer.Headers.TryAddWithoutValidation("ETag", "\"1\"");
            return answer;
        });

        using var response = await guarded.Client.GetAsync(new Uri("/v1/files/1/content", UriKind.Relative));

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{ "text": "a [X]" }"""));
        Assert.That(response.Headers.NonValidated.Contains("ETag"), Is.False);
    }

    [Test]
    public async Task Send_MaskedBodiesWithContentMd5_DigestsAreThoseOfWhatLeaves()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ =>
        {
            var answer = RecordingUpstream.Json("\"peach\"");
            answer.Content.Headers.TryAddWithoutValidation("Content-MD5", "old");
            return answer;
        });
        using var content = new StringContent("\"peach\"", Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Content-MD5", "old");

        using var response = await guarded.Client.PostAsync(new Uri("/any", UriKind.Relative), content);

        const string OfMasked = "+4S7tNjBs3isKhIrkkgQ+g==";
        Assert.That(guarded.Upstream.Requests.Single().Headers["Content-MD5"], Is.EqualTo(OfMasked));
        Assert.That(response.Content.Headers.NonValidated["Content-MD5"].ToString(), Is.EqualTo(OfMasked));
    }

    [TestCase("From")]
    [TestCase("User-Agent")]
    [TestCase("Content-Disposition")]
    public async Task Send_KnownRequestHeaderWithTheWord_IsMaskedWhereItStands(string name)
    {
        await using var guarded = new GuardedClient(MaskHeaders, static _ => RecordingUpstream.Json("{}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/any") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        if (!request.Headers.TryAddWithoutValidation(name, "a peach"))
        {
            request.Content.Headers.TryAddWithoutValidation(name, "a peach");
        }

        using var response = await guarded.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(guarded.Upstream.Requests.Single().Headers[name], Is.EqualTo("a [X]"));
    }

    [TestCase("PUT", "If-Match", true)]
    [TestCase("PUT", "If-None-Match", true)]
    [TestCase("POST", "If-Unmodified-Since", true)]
    [TestCase("DELETE", "If-Match", true)]
    [TestCase("PUT", "Range", false)]
    [TestCase("GET", "If-None-Match", false)]
    [TestCase("GET", "If-Match", false)]
    [TestCase("HEAD", "If-Modified-Since", false)]
    public async Task Send_Condition_StaysWhereItKeepsAWriterFromOverwriting(string method, string name, bool stays)
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ => RecordingUpstream.Json("{}"));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/any");
        request.Headers.TryAddWithoutValidation(name, "\"1\"");

        using var response = await guarded.Client.SendAsync(request);

        Assert.That(guarded.Upstream.Requests.Single().Headers.ContainsKey(name), Is.EqualTo(stays));
    }
}
