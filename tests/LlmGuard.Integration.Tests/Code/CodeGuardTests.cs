using System.Text;
using System.Text.Json;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Code;

/// <summary>
/// code_sanitation between a caller and a model, over real sockets: prompts, arguments of tools, and code in answers, whole and streamed.
/// </summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class CodeGuardTests
{
    private const string Grave = "eval(request.args['q'])";
    private const string Prompt = "Please review:\\n```python\\nx = " + Grave + "\\n```\\nThanks \u2013 Zo\u00EB";
    private const string Harmless = "Never use eval on what a caller sent. See os.path.join('a', 'b').";

    private RecordingUpstream _upstream = null!;
    private string _answer = "";
    private string[] _chunks = [];

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task StartAsync()
    {
        (_answer, _chunks) = (Chat.Answer("ok"), []);
        _upstream = await RecordingUpstream.StartAsync(AnswerAsync);
    }

    [TearDown]
    public async Task StopAsync() => await _upstream.DisposeAsync();

    [Test]
    public async Task Prompt_GraveCodeUnderBlock_IsRefusedBeforeTheModelSeesIt()
    {
        await using var gateway = await GuardAsync("pre_request", """{ "status_code": 422, "error_message": "no code, please" }""");
        var (status, body) = await gateway.Client.PostAsync(Chat.Path, Chat.Request(Prompt), Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(422));
            Assert.That(body, Does.Contain("no code, please").And.Contain("code_sanitation").And.Not.Contains("eval"));
            Assert.That(_upstream.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Prompt_Default_RefusesWithTheStatusOfTheGuide()
    {
        await using var gateway = await GuardAsync("pre_request", "{}");
        var (status, body) = await gateway.Client.PostAsync(Chat.Path, Chat.Request(Prompt), Token);
        Assert.That((status, body.Contains("Potential code injection detected", StringComparison.Ordinal)), Is.EqualTo((400, true)));
    }

    [TestCase("{}")]
    [TestCase("""{ "action": "sanitize" }""")]
    public async Task Prompt_AboutCode_PassesAsItIs(string settings)
    {
        await using var gateway = await GuardAsync("pre_request", settings);
        var request = Chat.Request(Harmless);
        var (status, _) = await gateway.Client.PostAsync(Chat.Path, request, Token);
        Assert.That((status, _upstream.Requests.Single().Text), Is.EqualTo((200, request)));
    }

    [Test]
    public async Task Prompt_GraveCodeUnderSanitize_LosesTheCodeAndNothingElse()
    {
        await using var gateway = await GuardAsync("pre_request", """{ "action": "sanitize", "sanitize_with": "[gone]" }""");
        var (status, _) = await gateway.Client.PostAsync(Chat.Path, Chat.Request(Prompt), Token);
        Assert.That(
            (status, _upstream.Requests.Single().Text), Is.EqualTo((200, Chat.Request(Prompt.Replace(Grave, "[gone]", StringComparison.Ordinal)))));
    }

    [Test]
    public async Task Prompt_GraveCodeUnderFlag_PassesAsItIs()
    {
        await using var gateway = await GuardAsync("pre_request", """{ "action": "flag" }""");
        var (status, _) = await gateway.Client.PostAsync(Chat.Path, Chat.Request(Prompt), Token);
        Assert.That((status, _upstream.Requests.Single().Text), Is.EqualTo((200, Chat.Request(Prompt))));
    }

    [Test]
    public async Task ToolArguments_GraveCodeUnderBlock_AreRefused()
    {
        await using var gateway = await GuardAsync("pre_request", "{}");
        var (status, _) = await gateway.Client.PostAsync(Chat.Path, ToolRequest(Grave), Token);
        Assert.That((status, _upstream.Requests.Count), Is.EqualTo((400, 0)));
    }

    [Test]
    public async Task ToolArguments_GraveCodeUnderSanitize_StayJson()
    {
        await using var gateway = await GuardAsync("pre_request", """{ "action": "sanitize" }""");
        var (status, _) = await gateway.Client.PostAsync(Chat.Path, ToolRequest(Grave + " # \\\\\\\"quoted\\\\\\\""), Token);
        using var received = JsonDocument.Parse(_upstream.Requests.Single().Body);
        using var arguments = JsonDocument.Parse(received.RootElement.GetProperty("messages")[1].GetProperty("tool_calls")[0].GetProperty("function")
            .GetProperty("arguments").GetString()!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(200));
            Assert.That(arguments.RootElement.GetProperty("code").GetString(), Is.EqualTo("[removed code] # \"quoted\""));
            Assert.That(arguments.RootElement.GetProperty("timeout").GetInt32(), Is.EqualTo(5));
        }
    }

    [Test]
    public async Task Answer_FencedCodeUnderBlock_DoesNotReachTheCaller()
    {
        _answer = Chat.Answer(Prompt);
        await using var gateway = await GuardAsync("pre_response", "{}");
        var (status, body) = await gateway.Client.PostAsync(Chat.Path, Chat.Request("hello"), Token);
        Assert.That((status, body.Contains("eval", StringComparison.Ordinal)), Is.EqualTo((400, false)));
    }

    [Test]
    public async Task Answer_FencedCodeUnderSanitize_ArrivesWithoutIt()
    {
        _answer = Chat.Answer(Prompt);
        await using var gateway = await GuardAsync("pre_response", """{ "action": "sanitize" }""");
        var (status, body) = await gateway.Client.PostAsync(Chat.Path, Chat.Request("hello"), Token);
        Assert.That((status, body), Is.EqualTo((200, Chat.Answer(Prompt.Replace(Grave, "[removed code]", StringComparison.Ordinal)))));
    }

    [Test]
    public async Task Answer_FencedCodeUnderFlag_ArrivesAsItIs()
    {
        _answer = Chat.Answer(Prompt);
        await using var gateway = await GuardAsync("pre_response", """{ "action": "flag" }""");
        Assert.That(await gateway.Client.PostAsync(Chat.Path, Chat.Request("hello"), Token), Is.EqualTo((200, _answer)));
    }

    // The code is cut in the middle of its name: what a part of it means is known when the whole is.
    [TestCase("{}")]
    [TestCase("""{ "action": "sanitize" }""")]
    public async Task Stream_GraveCode_NoPieceOfItReachesTheCaller(string settings)
    {
        _chunks = ["Here:\\n```python\\nx = ev", "al(reque", "st.args['q'])\\n```\\n"];
        await using var gateway = await GuardAsync("pre_response", settings);
        var raw = await RawHttp.SendAsync(gateway.Url, "POST " + Chat.Path, StreamRequest, ["Content-Type: application/json"], Token);
        Assert.That(raw.Body, Does.Not.Contain("al(reque").And.Not.Contains("st.args"));
    }

    [Test]
    public async Task Stream_HarmlessAnswer_ArrivesWhole()
    {
        _chunks = ["Never use ev", "al on what ", "a caller sent."];
        await using var gateway = await GuardAsync("pre_response", "{}");
        var raw = await RawHttp.SendAsync(gateway.Url, "POST " + Chat.Path, StreamRequest, ["Content-Type: application/json"], Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(raw.Status, Is.EqualTo(200));
            Assert.That(_chunks.All(c => raw.Body.Contains(c, StringComparison.Ordinal)), raw.Body);
            Assert.That(raw.Body, Does.Contain("[DONE]"));
        }
    }

    [Test]
    public async Task Stream_GraveCodeUnderFlag_ArrivesWhole()
    {
        _chunks = ["x = ev", "al(request", ".args['q'])"];
        await using var gateway = await GuardAsync("pre_response", """{ "action": "flag" }""");
        var raw = await RawHttp.SendAsync(gateway.Url, "POST " + Chat.Path, StreamRequest, ["Content-Type: application/json"], Token);
        Assert.That((raw.Status, _chunks.All(c => raw.Body.Contains(c, StringComparison.Ordinal))), Is.EqualTo((200, true)));
    }

    private static byte[] StreamRequest => Encoding.UTF8.GetBytes("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"}]}""");

    private static string ToolRequest(string code) =>
        $$$"""
        {"model":"m","messages":[{"role":"user","content":"run it"},
        {"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"run","arguments":"{\"code\":\"{{{code}}}\",\"timeout\":5}"}}]},
        {"role":"tool","tool_call_id":"t1","content":"done"}]}
        """;

    private Task<GuardedGateway> GuardAsync(string stage, string settings) => GuardedGateway.StartAsync(
        _upstream,
        Chat.Gateway($$"""{ "name": "code_sanitation", "stage": "{{stage}}", "settings": {{settings}} }"""),
        [],
        builder => builder.Services.AddAiGuardrails().AddCodeSanitation());

    private async Task AnswerAsync(HttpContext context, Received request)
    {
        if (!request.Text.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await RecordingUpstream.JsonAsync(_answer)(context, request);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        foreach (var chunk in _chunks)
        {
            await context.Response.WriteAsync(Event($$"""{"content":"{{chunk}}"}""", "null"), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        await context.Response.WriteAsync(Event("{}", "\"stop\"") + "data: [DONE]\n\n", context.RequestAborted);
    }

    private static string Event(string delta, string reason) =>
        "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
        + $"[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{reason}}}]}}\n\n";
}
