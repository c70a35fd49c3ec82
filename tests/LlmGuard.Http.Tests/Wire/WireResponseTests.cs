using System.Net;
using System.Text;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Wire;

public sealed class WireResponseTests
{
    private const string Answer = """{"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}""";

    [Test]
    public void ReadResponse_Dialect_GivesTextAndUsage()
    {
        var message = Read(Head("application/json"), Answer);

        Assert.That(message.Content.Single(segment => segment.Text == "hello").Role, Is.EqualTo(SegmentRole.Assistant));
        Assert.That((message.Usage?.Input, message.Usage?.Output, message.Dialect), Is.EqualTo(((long?)3, (long?)4, "openai.chat_completions")));
    }

    [TestCase(200)]
    [TestCase(400)]
    [TestCase(500)]
    public void ReadResponse_Error_IsReadOnEveryStatus(int status)
    {
        var message = Read(Head("application/json", status), """{"error":{"message":"hello","type":"t"}}""");

        Assert.That(message.Content.Select(segment => segment.Text), Does.Contain("hello"));
    }

    [TestCase("text/plain")]
    [TestCase("application/octet-stream")]
    [TestCase(null)]
    public void ReadResponse_DialectUnderAnotherType_IsReadAsTheDialect(string? type) =>
        Assert.That(Read(Head(type), Answer).Usage?.Total, Is.EqualTo(7));

    [TestCase("text/plain")]
    [TestCase("text/html")]
    public void ReadResponse_JsonCalledText_IsReadAsJson(string type) => Assert.That(
        Read(Head(type) with { Dialect = null, RawPath = "/other" }, """{"x":"\u0062lue"}""").Content.Select(segment => segment.Text),
        Is.EqualTo(new[] { "x", "blue" }));

    // Values in a row, which a client may read one by one and join; a byte order mark, which JSON has not.
    [TestCase("{\"content\":\"forb\"}\r{\"content\":\"idden\"}")]
    [TestCase("{\"content\":\"forb\"} {\"content\":\"idden\"}")]
    [TestCase("{\"content\":\"forb\"}{\"content\":\"idden\"}")]
    [TestCase("{\"content\":\"forb\"}{\"content\":\"id")]
    [TestCase("[1][{\"content\":\"idden\"}]")]
    [TestCase("\uFEFF{\"content\":\"hello\"}")]
    public void ReadResponse_SeveralValuesOrAMarkUnderNoType_AreUnreadable(string body)
    {
        foreach (var type in new[] { null, "text/plain" })
        {
            var read = WireReader.ReadResponse(Head(type), Encoding.UTF8.GetBytes(body), true, GuardrailNeeds.Content, PlanLimits.Default);
            Assert.That((read.StatusCode, read.Failure?.Class), Is.EqualTo((502, (FailureClass?)FailureClass.Output)), type);
        }
    }

    [TestCase("[error] the model is {busy}")]
    [TestCase("[1] see the manual")]
    [TestCase("{\"content\": it begins like JSON")]
    public void ReadResponse_TextThatBeginsLikeJson_IsText(string body) =>
        Assert.That(Read(Head("text/plain"), body).Content.Select(static segment => segment.Text), Is.EqualTo(new[] { body }));

    [TestCase("0.12345678901234567", false)]
    [TestCase("-122.419416", false)]
    [TestCase("5.94173615957732e-05", false)]
    [TestCase("4111111111111111", true)]
    [TestCase("4111111111111111.0", true)]
    [TestCase("4.111111111111111e15", true)]
    [TestCase("4.111111111111111E+15", true)]
    [TestCase("123", true)]
    [TestCase("3.14159", true)]
    public void ReadResponse_Number_IsTextUnlessItIsAMeasure(string number, bool isRead) => Assert.That(
        Read(Head("application/json") with { Dialect = null, RawPath = "/other" }, $"[{number}]").Content.Select(segment => segment.Text),
        Is.EqualTo(isRead ? new[] { number } : []));

    [Test]
    public void ReadResponse_MoreEventsThanSegmentsAllowed_AreTooMuch()
    {
        var events = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data: {}\n\n", 9)));
        var limits = PlanLimits.Default with { MaxSegments = 8 };

        var result = WireReader.ReadResponse(Head("text/event-stream"), events, true, GuardrailNeeds.Content, limits);

        Assert.That((result.Message, result.Failure?.Reason), Is.EqualTo(((WireMessage?)null, FailureReasons.LimitExceeded)));
    }

    [Test]
    public void ReadResponse_EventsAfterOtherLines_AreEvents()
    {
        var message = Read(Head("text/plain"), "x\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hel\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"}}]}\n\n");

        Assert.That(message.Content.Select(segment => segment.Text), Does.Contain("hello"));
    }

    [Test]
    public void ReadResponse_PageInsteadOfAnAnswer_IsText() => Assert.That(
        Read(Head("text/html", 502), "<h1>hello</h1>").Content.Select(segment => segment.Text),
        Is.EqualTo(new[] { "<h1>hello</h1>" }));

    [TestCase("application/json", "{")]
    [TestCase("application/json", "")]
    [TestCase("text/plain; charset=utf-16", "x")]
    [TestCase("text/plain, text/html", "x")]
    [TestCase("application/x-ndjson", "{\"a\":1}\n{")]
    [TestCase("text/event-stream", "data: {\"choices\":[\n\n")]
    [TestCase("text/event-stream", "data: {\"choices\":[],\"choices\":[]}\n\n")]
    [TestCase("text/event-stream; charset=utf-16", "data: {}\n\n")]
    public void ReadResponse_Unreadable_Is502OfTheOutputClass(string type, string body)
    {
        var result = WireReader.ReadResponse(Head(type), Encoding.UTF8.GetBytes(body), true, GuardrailNeeds.Content, PlanLimits.Default);

        if (body.Length == 0)
        {
            Assert.That(result.Message?.Content, Is.Empty, "no bytes hold no text");
            return;
        }

        Assert.That((result.StatusCode, result.Failure?.Class), Is.EqualTo((502, (FailureClass?)FailureClass.Output)));
    }

    [TestCase("HEAD", 200)]
    [TestCase("POST", 103)]
    [TestCase("POST", 204)]
    [TestCase("POST", 304)]
    public void ReadResponse_WithoutContentByDefinition_HasNoText(string method, int status)
    {
        var head = Head("application/json", status) with { Method = method };

        Assert.That(WireReader.ReadResponse(head, default, false, GuardrailNeeds.Content, PlanLimits.Default).Message?.Content, Is.Empty);
        Assert.That(WireReader.ReadResponse(head, "{}"u8.ToArray(), true, GuardrailNeeds.Content, PlanLimits.Default).StatusCode, Is.EqualTo(502));
    }

    [TestCase("POST", 101)]
    [TestCase("CONNECT", 200)]
    public void ReadResponse_Tunnel_IsUninspected(string method, int status)
    {
        var head = new WireHead { Method = method, RawPath = "/x", Status = (HttpStatusCode)status };

        var message = WireReader.ReadResponse(head, default, false, GuardrailNeeds.Content, PlanLimits.Default).Message;

        Assert.That(message?.Content.Single().Uninspected, Is.EqualTo(UninspectedKind.Tunnel));
    }

    [Test]
    public void Rewrite_Response_RefusesRequestChanges() => Assert.That(
        Read(Head("application/json"), Answer).Rewrite([], [new RequestChange.Header("X-A", "1")]).Failure?.Class,
        Is.EqualTo(FailureClass.Output));

    [Test]
    public void Rewrite_ResponseWithAnETag_RemovesIt()
    {
        var message = Read(Head("application/json") with { Headers = [new("ETag", "\"1\"")] }, Answer);
        var segment = message.Content.Single(segment => segment.Text == "hello");

        var rewrite = message.Rewrite([new TextEdit(segment.Index, new TextSpan(0, 5), "[X]"u8.ToArray())], []);

        Assert.That(rewrite.Headers, Is.EqualTo(new[] { new KeyValuePair<string, string?>("ETag", null) }));
    }

    private static WireHead Head(string? type, int status = 200) => new()
    {
        Method = "POST",
        RawPath = "/v1/chat/completions",
        ContentType = type,
        Status = (HttpStatusCode)status,
    };

    private static WireMessage Read(WireHead head, string body)
    {
        var result =
            WireReader.ReadResponse(head, Encoding.UTF8.GetBytes(body), true, GuardrailNeeds.Content | GuardrailNeeds.Usage, PlanLimits.Default);
        Assert.That(result.Failure, Is.Null);
        return result.Message!;
    }
}
