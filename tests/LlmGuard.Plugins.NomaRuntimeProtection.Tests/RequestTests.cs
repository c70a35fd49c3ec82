using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Noma;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

/// <summary>What is sent, byte by byte where it matters.</summary>
public sealed class RequestTests
{
    [Test]
    public async Task Judge_Conversation_IsSentAsOneWithRolesAndContext()
    {
        await using var judged = await Judged.StartAsync();
        var content = Judged.Conversation(
            (SegmentRole.System, "Be kind."), (SegmentRole.User, "Hi"), (SegmentRole.Assistant, "Hello"), (new SegmentRole("narrator"), "So"));
        var call = new GuardrailCall(GuardrailStage.PreRequest, content)
        {
            Caller = new GuardrailCaller("alice"),
            Model = "gpt-4o",
            RemoteAddress = IPAddress.Parse("203.0.113.9"),
            Headers = new SomeHeaders { ["X-Request-ID"] = "req-7", ["X-Session"] = "s-1" },
        };

        await judged.Evaluator(""" "client_address": true, "session_id_header": "X-Session", "application_id": "shop" """)
            .EvaluateAsync(call, default);

        var request = judged.Fake.Requests.Single();
        Assert.That(request.Text, Is.EqualTo(
            """{"input":[{"type":"message","role":"system","content":[{"type":"input_text","text":"Be kind."}]},"""
            + """{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]},"""
            + """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]},"""
            + """{"type":"message","role":"user","content":[{"type":"input_text","text":"So"}]}]"""
            + ""","model":"gpt-4o","x-noma-context":{"applicationId":"shop","userId":"alice","ipAddress":"203.0.113.9","sessionId":"s-1","requestId":"req-7"}}"""));
        Assert.That(request.Header("X-Noma-Request-ID"), Is.EqualTo("req-7"));
        Assert.That(request.Header("Authorization"), Is.EqualTo("Bearer " + FakeNoma.Key));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_ToolTraffic_GoesAsCallsAndOutputs()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync(Tools());
        await judged.JudgeAsync(Tools(), """ "tool_traffic": false """);

        var input = JsonNode.Parse(judged.Fake.Requests[0].Text)!["input"]!.AsArray();
        Assert.That(input.Select(i => (string?)i!["type"]), Is.EqualTo(new[] { "message", "function_call", "function_call_output", "message" }));
        Assert.That((string?)input[1]!["name"], Is.EqualTo("send_mail"));
        Assert.That((string?)input[1]!["arguments"], Is.EqualTo("""{"values":["to","Bob"]}"""));
        Assert.That((string?)input[2]!["output"], Is.EqualTo("sent"));
        Assert.That(JsonNode.Parse(judged.Fake.Requests[1].Text)!["input"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("v2_scan")]
    [TestCase("litellm_guardrail")]
    public async Task Judge_Images_AreShownByValueAndByUrl(string protocol)
    {
        await using var judged = await Judged.StartAsync();
        var settings = $"\"protocol\": \"{protocol}\"";
        var bytes = Image(Encoding.ASCII.GetBytes(FakeNoma.Unsafe), null);
        var link = Image(default, new Uri("https://pictures.example/" + FakeNoma.Unsafe));

        Assert.That((await judged.JudgeAsync(bytes, settings)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That((await judged.JudgeAsync(link, settings)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(await judged.JudgeAsync(link, settings + ", \"images\": false"), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(await judged.JudgeAsync(Image(default, new Uri("file:///etc/passwd")), settings), Is.SameAs(GuardrailVerdict.Allow),
            "left to \"uninspected\"");
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_AggregateProtocol_TellsTheSideAndTheApplication()
    {
        await using var judged = await Judged.StartAsync();
        const string settings = """ "protocol": "v1_aggregate", "application_id": "shop" """;

        await judged.JudgeAsync(Judged.Conversation((SegmentRole.User, "one"), (SegmentRole.User, "two")), settings);
        await judged.JudgeAsync(GuardrailContent.FromText("three", SegmentRole.Assistant), settings, GuardrailStage.PreResponse);

        Assert.That(
            judged.Fake.Requests[0].Text, Is.EqualTo("""{"request":{"text":"one\ntwo"},"context":{"applicationId":"shop","userId":"alice"}}"""));
        Assert.That(
            judged.Fake.Requests[1].Text, Is.EqualTo("""{"response":{"text":"three"},"context":{"applicationId":"shop","userId":"alice"}}"""));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_GuardrailProtocol_SendsWhatIsJudgedAndNothingElse()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync("text", """ "protocol": "litellm_guardrail" """);

        Assert.That(judged.Fake.Requests.Single().Text, Is.EqualTo(
            """{"inputs":{"texts":["text"]},"request_data":{},"input_type":"request","monitor_mode":false,"application_id":"alice"}"""));
    }

    // The setting, the trusted header, the consumer, the generic one.
    [TestCase(""" "application_id": "shop" """, "from-header", "alice", "shop")]
    [TestCase(""" "application_id_header": "X-App" """, " from-header ", "alice", "from-header")]
    [TestCase(""" "application_id_header": "X-App" """, null, "alice", "alice")]
    [TestCase(""" "application_id_header": "X-App" """, "  ", "alice", "alice")]
    [TestCase(""" "application_id_header": "X-App" """, "a\u0007b", "alice", "alice")]
    [TestCase(""" "tool_traffic": true """, "from-header", "alice", "alice")]
    [TestCase(""" "tool_traffic": true """, "from-header", null, "llmguard")]
    public async Task Judge_ApplicationId_ComesFromTheFirstThatIsThere(string settings, string? header, string? consumer, string expected)
    {
        await using var judged = await Judged.StartAsync();
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User))
        {
            Caller = new GuardrailCaller(consumer),
            Headers = header is null ? null : new SomeHeaders { ["X-App"] = header },
        };

        await judged.Evaluator(settings).EvaluateAsync(call, default);

        Assert.That((string?)JsonNode.Parse(judged.Fake.Requests.Single().Text)!["x-noma-context"]!["applicationId"], Is.EqualTo(expected));
    }

    [Test]
    public async Task Judge_WithCache_LeavesOutWhatDiffersFromCallToCall()
    {
        await using var judged = await Judged.StartAsync();
        var evaluator = judged.Evaluator(""" "cache": { "lifetime": "1m" } """);
        for (var i = 0; i < 3; i++)
        {
            var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User))
            {
                Headers = new SomeHeaders { ["X-Request-ID"] = $"req-{i}" },
            };
            await evaluator.EvaluateAsync(call, default);
        }

        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1));
    }

    private static GuardrailContent Tools()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("Mail Bob", new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        builder.AddText("to", new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.Key, Name = "send_mail", Group = 0 });
        builder.AddText("Bob", new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.ToolCall, Name = "send_mail", Group = 0 });
        builder.AddText("sent", new SegmentInfo { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult });
        builder.AddText("Sends mail.", new SegmentInfo { Role = SegmentRole.System, Kind = SegmentKind.ToolDefinition });
        return builder.Build();
    }

    private static GuardrailContent Image(ReadOnlyMemory<byte> bytes, Uri? uri)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("look", new SegmentInfo { Role = SegmentRole.User });
        builder.AddBinary(UninspectedKind.Image, bytes, "image/png", uri, new SegmentInfo { Role = SegmentRole.User });
        return builder.Build();
    }

    private sealed class SomeHeaders : Dictionary<string, string>, IRequestHeaders
    {
        public string? CredentialHash => null;

        public string? Find(string name) => TryGetValue(name, out var value) ? value : null;
    }
}
