using System.IO.Compression;
using System.Net;
using System.Text;
using LlmGuard.Http.Tests.Client;

namespace LlmGuard.Http.Tests.Gates;

/// <summary>What guardrails are told about a request that was read.</summary>
public sealed class RequestFactsTests
{
    private const string Path = "/v1/chat/completions";

    private const string Body =
        """{"model":"gpt-x","stream":true,"max_tokens":77,"n":3,"messages":[{"role":"system","content":"é1"},{"role":"user","content":"hello"}]}""";

    [TestCase(GuardrailNeeds.Content | GuardrailNeeds.BodyMetrics)]
    [TestCase(GuardrailNeeds.BodyMetrics)]
    public async Task Request_Compressed_SizesAreThoseOfTheWireAndOfTheText(GuardrailNeeds needs)
    {
        var probe = new GateProbe("probe", needs);
        await using var guarded = GateProbe.Guard("""{ "name": "probe" }""", probe);
        var compressed = Gzip(Body + new string(' ', 500));
        using var content = new ByteArrayContent(compressed);
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await guarded.Client.PostAsync(new Uri(Path, UriKind.Relative), content);

        var body = probe.Notes.Single().Body;
        Assert.Multiple(() =>
        {
            Assert.That(body.HasBody, Is.True);
            Assert.That(body.ContentLength, Is.EqualTo(compressed.Length));
            Assert.That(body.WireBytes, Is.EqualTo(compressed.Length));
            Assert.That(body.DecodedBytes, Is.EqualTo(Encoding.UTF8.GetByteCount(Body) + 500));
            Assert.That(body.JsonDepth, Is.EqualTo(3));
            Assert.That(body.Messages, Is.EqualTo(2));
            Assert.That(body.Characters, Is.EqualTo("gpt-x".Length + "é1".Length + "hello".Length));
            Assert.That(body.TextBytes, Is.GreaterThan(body.Characters), "é has two, and names of members count too");
            Assert.That((body.IsTruncated, body.IsTooDeep), Is.EqualTo((false, false)));
        });
    }

    [Test]
    public async Task Request_OfAKnownDialect_SaysWhatItAsksFor()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Content);
        await using var guarded = GateProbe.Guard("""{ "name": "probe" }""", probe);

        await PostAsync(guarded, Path, Body);
        await PostAsync(guarded, Path, """{"model":"other","messages":[]}""");

        var told = new (string?, string?, bool, long?, long)[]
        {
            ("openai.chat_completions", "gpt-x", true, 77, 3),
            ("openai.chat_completions", "other", false, null, 1),
        };
        Assert.That(probe.Notes.Select(static n => (n.Dialect, n.Model, n.IsStreaming, n.MaxTokens, n.Choices)), Is.EqualTo(told));
    }

    [Test]
    public async Task Request_WithoutBody_HasNone()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Content | GuardrailNeeds.BodyMetrics);
        await using var guarded = GateProbe.Guard("""{ "name": "probe" }""", probe);

        using var response = await guarded.Client.GetAsync(new Uri("/v1/models", UriKind.Relative));

        Assert.That(probe.Notes.Single().Body, Is.EqualTo(default(BodyMetrics)));
    }

    [Test]
    public async Task Request_WhoseBodyNobodyReads_IsForwardedUnreadAndKnownToHaveOne()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Headers);
        await using var guarded = GateProbe.Guard("""{ "name": "probe" }""", probe);

        var status = await PostAsync(guarded, Path, Body[..^3]);

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(guarded.Upstream.Requests.Single().Body, Is.EqualTo(Body[..^3]));
            Assert.That(
                probe.Notes.Single().Body, Is.EqualTo(new BodyMetrics { HasBody = true, ContentLength = Encoding.UTF8.GetByteCount(Body) - 3 }));
        });
    }

    [TestCase("pre_response")]
    [TestCase("post_response")]
    public async Task LaterStage_ThatNeedsTheRequest_IsShownItAlthoughNoEarlierOneReadIt(string stage)
    {
        var probe = new GateProbe("probe", GuardrailNeeds.RequestContent);
        await using var guarded = GateProbe.Guard($$"""{ "name": "probe", "stage": "{{stage}}" }""", probe);

        await PostAsync(guarded, Path, """{"model":"m","messages":[{"role":"user","content":"hello"}]}""");

        Assert.That((await probe.NextAsync()).Request, Has.Some.EqualTo("hello"));
    }

    [TestCase("GET", "/any", 1)]
    [TestCase("HEAD", "/any", 1)]
    [TestCase("OPTIONS", "/any", 1)]
    [TestCase("POST", "/any", 0)]
    [TestCase("DELETE", "/any", 0)]
    [TestCase("POST", Path, 1)]
    public async Task PostRequest_Blocks_IsAwaitedWhereTheUpstreamMayKeepSomething(string method, string path, int sent)
    {
        // A block that came before the request was sent would cancel it, so the one beside the upstream waits until that has it.
        using var arrived = new ManualResetEventSlim();
        var probe = new GateProbe("probe", GuardrailNeeds.Content, _ => sent == 0 || arrived.Wait(TimeSpan.FromMinutes(1)));
        await using var guarded = GateProbe.Guard(
            """{ "name": "probe", "stage": "post_request" }""",
            _ =>
            {
                arrived.Set();
                return RecordingUpstream.Json("{}");
            },
            probe);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "POST" ? new StringContent(path == Path ? Body : """{"a":1}""", Encoding.UTF8, "application/json") : null;

        using var response = await guarded.Client.SendAsync(request);

        Assert.That((response.StatusCode, guarded.Upstream.Requests.Count), Is.EqualTo((HttpStatusCode.Forbidden, sent)));
    }

    [Test]
    public async Task PostRequest_BlocksARequestThatNobodyCouldRead_IsAwaited()
    {
        var monitor = new GateProbe("monitor", GuardrailNeeds.Content);
        var probe = new GateProbe("probe", GuardrailNeeds.None, static _ => true);
        await using var guarded = GateProbe.Guard(
            """{ "name": "monitor", "mode": "monitor" }, { "name": "probe", "stage": "post_request" }""", monitor, probe);

        var status = await PostAsync(guarded, Path, Body[..^3]);

        Assert.That((status, guarded.Upstream.Requests.Count), Is.EqualTo((HttpStatusCode.Forbidden, 0)));
    }

    private static async Task<HttpStatusCode> PostAsync(GuardedClient guarded, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await guarded.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        return response.StatusCode;
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
