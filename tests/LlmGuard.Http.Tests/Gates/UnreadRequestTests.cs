using System.Net;
using System.Text;

namespace LlmGuard.Http.Tests.Gates;

/// <summary>
/// Requests of which a part cannot be read: refused where an enforcing entry had to read it, and judged by the others all the same.
/// </summary>
public sealed class UnreadRequestTests
{
    private const string Path = "/v1/chat/completions";
    private const string Whole = """{"model":"m","messages":[{"role":"user","content":"hello"}]}""";
    private const string Broken = """{"model":"m","messages":[{"role":"user","content":"hello"}""";
    private const string BodyWatched = """{ "name": "watch", "mode": "monitor", "sources": ["body"] }""";
    private const string QueryWatched = """{ "name": "watch", "mode": "monitor", "sources": ["path_and_query"] }""";

    private static readonly GuardrailNeeds[] Sizes = [GuardrailNeeds.BodyMetrics, GuardrailNeeds.Content | GuardrailNeeds.BodyMetrics];

    [TestCase("fine", HttpStatusCode.OK)]
    [TestCase("forbidden", HttpStatusCode.Forbidden)]
    public async Task Body_ThatOnlyAMonitorReads_LeavesTheHeadersToTheOthers(string header, HttpStatusCode expected)
    {
        var judge = Judge();
        await using var guarded = GateProbe.Guard(BodyWatched + """, { "name": "judge", "sources": ["headers"] }""", Watch(), judge);

        Assert.That(await PostAsync(guarded, Path, Broken, header), Is.EqualTo(expected));
        Assert.That(judge.Notes.Single().Body.IsTruncated, Is.False, "it is broken, not long");
        Assert.That(judge.Notes.Single().Dialect, Is.EqualTo("openai.chat_completions"));
    }

    [TestCase("fine", HttpStatusCode.OK)]
    [TestCase("forbidden", HttpStatusCode.Forbidden)]
    public async Task BodyAndQuery_ThatOnlyMonitorsRead_LeaveTheHeadersToTheOthers(string header, HttpStatusCode expected)
    {
        await using var guarded = GateProbe.Guard(
            """{ "name": "watch", "mode": "monitor", "sources": ["body", "path_and_query"] }, { "name": "judge", "sources": ["headers"] }""", Watch(),
                Judge());

        Assert.That(await PostAsync(guarded, Path + "?q=%ff", Broken, header), Is.EqualTo(expected));
    }

    [Test]
    public async Task Body_ThatOnlyAMonitorReads_LeavesItTheRest()
    {
        var watch = Watch();
        var paths = new GateProbe("paths", GuardrailNeeds.PathAndQuery);
        await using var guarded = GateProbe.Guard(BodyWatched + """, { "name": "paths", "mode": "monitor" }""", watch, paths);

        Assert.That(await PostAsync(guarded, Path + "?q=seen", Broken), Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await paths.NextAsync()).Texts, Has.Some.Contains("seen"));
        Assert.That(watch.Notes, Is.Empty, "who is to read a body is not shown none instead");
    }

    [Test]
    public async Task Query_ThatAnEnforcingEntryReads_IsRefusedBesideABodyThatOnlyAMonitorReads()
    {
        var judge = Judge();
        await using var guarded = GateProbe.Guard(BodyWatched + """, { "name": "judge", "sources": ["path_and_query"] }""", Watch(), judge);

        Assert.That(await PostAsync(guarded, Path + "?q=%ff", Broken), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((guarded.Upstream.Requests.Count, judge.Notes.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Query_ThatAMonitorAndAnEntryBesideTheUpstreamRead_IsRefused()
    {
        await using var guarded = GateProbe.Guard(
            QueryWatched + """, { "name": "judge", "stage": "post_request", "sources": ["body", "path_and_query"] }""", Watch(), Judge());

        Assert.That(await PostAsync(guarded, Path + "?q=%ff", Whole), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(guarded.Upstream.Requests, Is.Empty);
    }

    [Test]
    public async Task Query_ThatAMonitorAndAnEntryBesideTheUpstreamRead_IsNotLeftToTheMonitorByOneThatReadsTheBody()
    {
        await using var guarded = GateProbe.Guard(
            QueryWatched + """, { "name": "body" }, { "name": "judge", "stage": "post_request", "sources": ["path_and_query"] }""",
            Watch(), Judge(), new GateProbe("body", GuardrailNeeds.Content));

        Assert.That(await PostAsync(guarded, Path + "?q=%ff", Whole), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(guarded.Upstream.Requests, Is.Empty);
    }

    [TestCaseSource(nameof(Sizes))]
    public async Task Body_ThatAMonitorReadsAndAnEntryMeasures_IsRefused(GuardrailNeeds needs)
    {
        await using var guarded = GateProbe.Guard(BodyWatched + """, { "name": "sizes" }""", Watch(), new GateProbe("sizes", needs));

        Assert.That(await PostAsync(guarded, Path, Broken), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(guarded.Upstream.Requests, Is.Empty);
    }

    private static GateProbe Watch() => new("watch", GuardrailNeeds.Content);

    private static GateProbe Judge() =>
        new("judge", GuardrailNeeds.Content, static call => call.Content.Any(static s => s.Text.Contains("forbidden", StringComparison.Ordinal)));

    private static async Task<HttpStatusCode> PostAsync(Client.GuardedClient guarded, string path, string body, string header = "fine")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Says", header);
        using var response = await guarded.Client.SendAsync(request);
        return response.StatusCode;
    }
}
