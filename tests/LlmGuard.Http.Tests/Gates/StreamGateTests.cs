using System.Net;
using System.Text;
using LlmGuard.Http.Tests.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Gates;

/// <summary>Which answers are judged while they arrive, and what their heads are judged by.</summary>
public sealed class StreamGateTests
{
    private const string Judged = """{ "name": "word", "stage": "pre_response", "settings": { "mask": "peach", "block": "plum" } }""";

    private static readonly string Peaches = Event("a peach") + Event(" tree") + "data: [DONE]\n\n";

    private static readonly string Plums = Event("first words") + Event(" and then a plum") + "data: [DONE]\n\n";

    [Test]
    public async Task Stream_Judged_ItsStatusIsTold()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Usage);
        await using var guarded =
            Guard(Judged + """, { "name": "probe", "stage": "post_response" }""", _ => Stream(Peaches, HttpStatusCode.Created), probe);

        using (var response = await SendAsync(guarded))
        {
            Assert.That(await TextAsync(response), Does.Contain("a [X]"));
        }

        Assert.That((await probe.NextAsync()).UpstreamStatus, Is.EqualTo(201));
    }

    [Test]
    public async Task Stream_WithAHeaderThatIsMasked_LeavesWithTheMaskAndItsTextAsItIs()
    {
        await using var guarded = Guard(
            """{ "name": "word", "stage": "pre_response", "sources": ["headers"], "settings": { "mask": "peach" } }, { "name": "probe", "stage": "pre_response" }""",
            _ => Stream(Peaches, says: "a peach"));

        using var response = await SendAsync(guarded);

        Assert.That(response.Headers.GetValues("X-Says"), Is.EqualTo(new[] { "a [X]" }));
        Assert.That(await TextAsync(response), Is.EqualTo(Peaches));
    }

    [Test]
    public async Task Stream_WithAHeaderThatIsBlocked_IsRefusedBeforeItBegins()
    {
        await using var guarded = Guard(
            """{ "name": "word", "stage": "pre_response", "sources": ["headers"], "settings": { "block": "plum" } }, { "name": "probe", "stage": "pre_response" }""",
            _ => Stream(Peaches, says: "a plum"));

        using var response = await SendAsync(guarded);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await TextAsync(response), Does.Not.Contain("peach"));
    }

    [TestCase(HttpStatusCode.MultipleChoices)]
    [TestCase(HttpStatusCode.InternalServerError)]
    public async Task Stream_OfAnError_IsJudgedWhole(HttpStatusCode status)
    {
        await using var guarded = Guard(Judged, _ => Stream(Plums, status));

        using var response = await SendAsync(guarded);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await TextAsync(response), Does.Not.Contain("first words"));
    }

    [Test]
    public async Task Stream_InPart_IsABadGateway()
    {
        await using var guarded = Guard(Judged, _ => Stream(Peaches, HttpStatusCode.PartialContent));

        using var response = await SendAsync(guarded);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
    }

    [TestCase("HEAD", HttpStatusCode.OK)]
    [TestCase("POST", HttpStatusCode.NoContent)]
    public async Task Stream_WithoutBody_Passes(string method, HttpStatusCode status)
    {
        await using var guarded = Guard(Judged, _ => Stream("", status));

        using var response = await SendAsync(guarded, method);

        Assert.That((response.StatusCode, await TextAsync(response)), Is.EqualTo((status, "")));
    }

    [TestCase("text/event-stream; charset=utf-16", "")]
    [TestCase("application/x-ndjson; charset=utf-16", "")]
    [TestCase("text/event-stream", "unheard-of")]
    [TestCase("text/event-stream", "gzip, gzip")]
    public async Task Stream_InACharsetOrCodingThatIsNotRead_IsABadGateway(string type, string coding)
    {
        await using var guarded = Guard(Judged, _ =>
        {
            var answer = Stream(Peaches);
            answer.Content.Headers.Remove("Content-Type");
            answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            if (coding.Length > 0)
            {
                answer.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
            }

            return answer;
        });

        using var response = await SendAsync(guarded);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(await TextAsync(response), Does.Not.Contain("peach"));
    }

    [Test]
    public async Task Stream_ThatOnlyAMonitorReads_LeavesAsItIsAndIsShownToItOnce()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Content);
        await using var guarded = Guard("""{ "name": "probe", "mode": "monitor", "stage": "pre_response" }""", _ => Stream(Peaches), probe);

        using (var response = await SendAsync(guarded))
        {
            Assert.That(await TextAsync(response), Is.EqualTo(Peaches));
        }

        Assert.That(string.Concat((await probe.NextAsync()).Texts), Does.Contain("a peach tree"));
        Assert.That(probe.Notes, Has.Count.EqualTo(1));
    }

    private static GuardedClient Guard(string entries, Func<HttpRequestMessage, HttpResponseMessage> answer, GateProbe? probe = null) =>
        new(entries, answer, configureServices: builder =>
            builder.Services.AddSingleton<IGuardrailPlugin>(probe ?? new GateProbe("probe", GuardrailNeeds.Content)));

    private static async Task<HttpResponseMessage> SendAsync(GuardedClient guarded, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/chat/completions");
        request.Content = method == "POST"
            ? new StringContent("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json")
            : null;
        return await guarded.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static string Event(string text) =>
        $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{{text}}}"},"finish_reason":null}]}""" + "\n\n";

    private static HttpResponseMessage Stream(string events, HttpStatusCode status = HttpStatusCode.OK, string? says = null)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(events, Encoding.UTF8, "text/event-stream") };
        if (says is not null)
        {
            answer.Headers.Add("X-Says", says);
        }

        return answer;
    }

    private static async Task<string> TextAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        return await reader.ReadToEndAsync();
    }
}
