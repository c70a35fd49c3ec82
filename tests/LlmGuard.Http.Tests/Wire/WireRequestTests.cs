using System.Text;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Wire;

public sealed class WireRequestTests
{
    private const string Chat = "/v1/chat/completions";
    private const string ChatBody = """{"model":"m","messages":[{"role":"user","content":"hello"}]}""";
    private const string Multipart = "multipart/form-data; boundary=b";

    [TestCase("application/json")]
    [TestCase("text/plain")]
    [TestCase("application/octet-stream")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("image/png")]
    [TestCase("not a type")]
    [TestCase(null)]
    public void ReadRequest_PathOfADialect_IsThatDialectWhateverTheContentType(string? type)
    {
        var message = Read(Chat, type, ChatBody);

        Assert.That((message.Dialect, message.Model, message.Messages), Is.EqualTo(("openai.chat_completions", "m", 1)));
        Assert.That(Texts(message), Does.Contain("message:hello"));
    }

    [TestCase("text/plain", "hello")]
    [TestCase("application/json", "")]
    [TestCase("application/json", "{\"messages\":[]")]
    [TestCase("application/json", "\uFEFF{\"messages\":[]}")]
    [TestCase("application/json", "{\"messages\":[]} x")]
    [TestCase("application/json", "{\"messages\":[],\"messages\":[]}")]
    [TestCase("application/json", "{\"messages\":[],\"Mess_Ages\":[]}")]
    [TestCase("application/json", "{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}")]
    [TestCase("application/json", "{\"messages\":[{\"role\":\"user\",\"content\":NaN}]}")]
    public void ReadRequest_PathOfADialectUnparsable_Is400(string type, string body) => AssertRefused(Chat, type, body, 400);

    [Test]
    public void ReadRequest_InvalidUtf8OnAPathOfADialect_Is400() =>
        AssertRefused(Chat, "application/json", [.. "{\"messages\":[{\"role\":\"user\",\"content\":\""u8, 0xFF, .. "\"}]}"u8], 400);

    [Test]
    public void ReadRequest_NestedTooDeeply_Is413AndSaysSo()
    {
        var result = Result(Head("/v1/other", "application/json"), new string('[', 65) + new string(']', 65));

        Assert.That((result.StatusCode, result.Failure?.Reason, result.IsTooDeep), Is.EqualTo((413, FailureReasons.LimitExceeded, true)));
    }

    [TestCase("/v1/other", "application/json", "{\"a\":{\"b\":\"x\"},\"n\":7}", "key:a", "key:b", "unknown:x", "key:n", "unknown:7",
        TestName = "JSON elsewhere")]
    [TestCase("/v1/other", "application/vnd.x+json; charset=utf-8", "[\"x\"]", "unknown:x", TestName = "a JSON type of a vendor")]
    [TestCase("/v1/other", null, "[\"x\"]", "unknown:x", TestName = "JSON without a type")]
    [TestCase("/v1/other", "application/octet-stream", "[\"x\"]", "unknown:x", TestName = "JSON under a type that says nothing")]
    [TestCase("/v1/other", "image/png", "[\"x\"]", "unknown:x", TestName = "JSON that calls itself an image")]
    [TestCase("/v1/other", "application/x-www-form-urlencoded", "[\"x\"]", "unknown:x", TestName = "JSON that calls itself a form, as curl does")]
    [TestCase("/v1/other", "application/x-ndjson", "{\"a\":\"x\"}\n\n{\"b\":\"y\"}\r\n", "key:a", "unknown:x", "key:b", "unknown:y",
        TestName = "NDJSON")]
    [TestCase("/v1/other", "application/json-seq", "\u001E[\"x\"]\n\u001E[\"y\"]\n", "unknown:x", "unknown:y", TestName = "a JSON text sequence")]
    [TestCase("/v1/other", "text/plain", "hello", "unknown:hello", TestName = "text")]
    [TestCase("/v1/other", "text/html; charset=\"UTF-8\"", "<p>", "unknown:<p>", TestName = "text of another kind")]
    [TestCase("/v1/other", "application/xml", "<a/>", "unknown:<a/>", TestName = "text that is not called so")]
    [TestCase("/v1/other", null, "hello", "unknown:hello", TestName = "text without a type")]
    [TestCase("/v1/other", "application/x-unknown", "hello", "unknown:hello", TestName = "text under an unknown type")]
    [TestCase("/v1/other", "application/x-www-form-urlencoded", "a=x+y%21&b&=z", "key:a", "unknown:x y!", "key:b", "unknown:z", TestName = "a form")]
    [TestCase("/v1/other", "application/json", "", TestName = "no bytes of JSON")]
    public void ReadRequest_OtherRoutes_EveryTextIsASegment(string path, string? type, string body, params string[] expected) =>
        Assert.That(Texts(Read(path, type, body)), Is.EqualTo(expected));

    [TestCase("application/json")]
    [TestCase("text/plain")]
    [TestCase("application/octet-stream")]
    [TestCase(null)]
    public void ReadRequest_ShapeOfADialectOnAnUnknownPath_IsReadAsThatDialect(string? type)
    {
        var message = Read("/proxy/anything", type, ChatBody);

        Assert.That(message.Dialect, Is.EqualTo("openai.chat_completions"));
        Assert.That(message.Content.Single(segment => segment.Text == "hello").Role, Is.EqualTo(SegmentRole.User));
    }

    [Test]
    public void ReadRequest_DialectOfThePolicy_WinsOverThePath()
    {
        var result = Result(Head("/v1/other", "text/plain") with { Dialect = "openai.chat_completions" }, "hello");

        Assert.That(result.StatusCode, Is.EqualTo(400));
    }

    [TestCase("application/json", "{", 400, TestName = "broken JSON")]
    [TestCase("application/json; charset=utf-16", "{}", 415, TestName = "JSON in another charset")]
    [TestCase("text/plain; charset=iso-8859-1", "x", 415, TestName = "text in another charset")]
    [TestCase("application/x-www-form-urlencoded; charset=windows-1252", "a=b", 415, TestName = "a form in another charset")]
    [TestCase("application/x-www-form-urlencoded", "a=%FF", 400, TestName = "a form that decodes to no text")]
    [TestCase("application/x-ndjson", "{\"a\":1}\n{\"a\":", 400, TestName = "one bad line")]
    [TestCase("application/x-ndjson", "{\"a\":1} {\"a\":2}", 400, TestName = "two texts on a line")]
    [TestCase("text/plain, application/json", "x", 400, TestName = "two types in one header")]
    [TestCase("text/plain; charset=utf-8; charset=utf-7", "x", 400, TestName = "two charsets")]
    [TestCase("multipart/form-data", "--b--", 400, TestName = "multipart without a boundary")]
    [TestCase("multipart/form-data; boundary=b; boundary=c", "--b--", 400, TestName = "multipart with two boundaries")]
    [TestCase("multipart/form-data; boundary=", "--b--", 400, TestName = "multipart with an empty boundary")]
    [TestCase("multipart/form-data; boundary=a/b", "--a/b--", 400, TestName = "multipart with a boundary that needs quotes")]
    [TestCase(null, "\uFEFF{\"a\":1}", 400, TestName = "a byte order mark before JSON")]
    public void ReadRequest_OtherRoutesUnreadable_IsRefused(string? type, string body, int status) => AssertRefused("/v1/other", type, body, status);

    [Test]
    public void ReadRequest_TextThatIsNotUtf8_Is400() => AssertRefused("/v1/other", "text/plain", [0xFF, 0xFE], 400);

    [Test]
    public void ReadRequest_TwoContentTypes_Is400()
    {
        var head = Head("/v1/other", "text/plain") with { Headers = [new("Content-Type", "text/plain"), new("content-type", "text/plain")] };

        Assert.That(Result(head, "x").StatusCode, Is.EqualTo(400));
    }

    [TestCase("image/png", UninspectedKind.Image)]
    [TestCase("audio/mpeg", UninspectedKind.Audio)]
    [TestCase("video/mp4", UninspectedKind.File)]
    [TestCase("application/pdf", UninspectedKind.File)]
    [TestCase(null, UninspectedKind.File)]
    public void ReadRequest_Binary_IsOneUninspectedSegment(string? type, UninspectedKind kind)
    {
        var segment = Read("/v1/other", type, [0x89, 0, 0xFF]).Content.Single();

        Assert.That((segment.Uninspected, segment.Payload, segment.MediaType), Is.EqualTo(((UninspectedKind?)kind, PayloadKind.Binary, type)));
    }

    [TestCase("POST", "/x", "application/grpc", null, TestName = "gRPC")]
    [TestCase("POST", "/x", "application/grpc+proto", null, TestName = "gRPC of a kind")]
    [TestCase("POST", "/x", "application/grpc;=", null, TestName = "gRPC with a parameter that cannot be read")]
    [TestCase("GET", "/x", null, "Upgrade", TestName = "an upgrade")]
    [TestCase("CONNECT", "/x", null, null, TestName = "CONNECT")]
    public void ReadRequest_Tunnel_IsUninspected(string method, string path, string? type, string? header)
    {
        var head = new WireHead { Method = method, RawPath = path, ContentType = type, Headers = header is null ? [] : [new(header, "websocket")] };

        var result =
            WireReader.ReadRequest(head, type is null ? default : new byte[] { 0, 1 }, type is not null, GuardrailNeeds.Content, PlanLimits.Default);

        Assert.That(result.Message?.Content.Single().Uninspected, Is.EqualTo(UninspectedKind.Tunnel));
    }

    [Test]
    public void ReadRequest_NoBody_HasNoSegments() => Assert.That(
        WireReader.ReadRequest(new WireHead { Method = "GET", RawPath = Chat }, default, false, GuardrailNeeds.Content, PlanLimits.Default)
            .Message?.Content,
        Is.Empty);

    [Test]
    public void ReadRequest_BodyNobodyNeeds_IsNotRead() => Assert.That(
        WireReader.ReadRequest(Head(Chat, null), "not json"u8.ToArray(), true, GuardrailNeeds.Headers, PlanLimits.Default).Message?.Content,
        Is.Empty);

    [Test]
    public void ReadRequest_Batch_ReadsTheInnerBodyAsTheDialectOfItsUrl()
    {
        const string Line = """{"custom_id": "c-1", "method": "POST", "url": "/v1/chat/completions", "body": {"model":"m","messages":[{"role":"user","content":"hello"}]}}""";

        var message = Read("/v1/files", "application/jsonl", Line + "\n" + Line);
        var hellos = message.Content.Where(segment => segment.Text == "hello").ToList();

        Assert.That(
            hellos.Select(segment => (segment.Role, segment.Kind)), Is.EqualTo(Enumerable.Repeat((SegmentRole.User, SegmentKind.Message), 2)));
        Assert.That(message.Dialect, Is.Null);

        var rewrite = message.Rewrite([new TextEdit(hellos[1].Index, new TextSpan(0, 5), "[X]"u8.ToArray())], []);
        Assert.That(Text(rewrite), Is.EqualTo(Line + "\n" + Line.Replace("hello", "[X]", StringComparison.Ordinal)));
    }

    [TestCase("""{"url":"/v1/chat/completions","body":{"messages":[]},"body":{}}""")]
    [TestCase("""{"url":"/v1/chat/completions","body":{"messages":[],"messages":[]}}""")]
    public void ReadRequest_BatchLineThatReadsTwoWays_IsRefused(string line) => AssertRefused("/v1/files", "application/jsonl", line, 400);

    [Test]
    public void ReadRequest_Multipart_ReadsEachPartByItsOwnType()
    {
        var message = Read("/v1/images", Multipart, Parts(
            "Content-Disposition: form-data; name=\"prompt\"\r\n\r\nhello",
            "Content-Disposition: form-data; name=\"options\"\r\nContent-Type: application/json\r\n\r\n{\"a\":\"x\"}",
            "Content-Disposition: form-data; name=\"image\"; filename=\"i.png\"\r\nContent-Type: image/png\r\n\r\n\0\u0001",
            "Content-Disposition: form-data; name=\"file\"; filename=\"batch.jsonl\"\r\nContent-Type: application/octet-stream\r\n\r\n[\"y\"]\n[\"z\"]\n",
            "Content-Disposition: form-data; name=\"note\"; filename=\"n.txt\"\r\nContent-Type: text/plain\r\n\r\nfile text"));

        Assert.That(Texts(message), Is.EqualTo(new[]
        {
            "key:prompt", "unknown:hello", "key:options", "key:a", "unknown:x", "key:image", "metadata:i.png", "document:(Image)", "key:file",
            "metadata:batch.jsonl", "unknown:y", "unknown:z", "key:note", "metadata:n.txt", "document:file text",
        }));
    }

    [Test]
    public void Rewrite_Multipart_ChangesOnlyTheEditedPart()
    {
        var body = Parts(
            "Content-Disposition: form-data; name=\"prompt\"\r\n\r\nsay hello",
            "Content-Disposition: form-data; name=\"options\"\r\nContent-Type: application/json\r\n\r\n{ \"a\" : \"hello\" }");

        Assert.That(Edited("/v1/images", Multipart, body, "hello", "[X]"), Is.EqualTo(body.Replace("hello", "[X]", StringComparison.Ordinal)));
    }

    [Test]
    public void Rewrite_EditThatWritesADelimiter_IsNotApplicable()
    {
        var message = Read("/v1/images", Multipart, Parts("Content-Disposition: form-data; name=\"prompt\"\r\n\r\nhello"));

        var rewrite = message.Rewrite([new TextEdit(1, new TextSpan(0, 5), "x\r\n--b--\r\n"u8.ToArray())], []);

        Assert.That(rewrite.Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
    }

    [TestCase("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=", 415)]
    [TestCase("Content-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nx", 415)]
    [TestCase("Content-Disposition: form-data; name=_charset_\r\n\r\niso-8859-1", 415)]
    [TestCase("Content-Disposition: form-data; name=a\r\nContent-Type: application/json\r\n\r\n{", 400)]
    [TestCase("Content-Disposition: form-data; name=a; name=b\r\n\r\nx", 400)]
    [TestCase("Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d--\r\n--c--", 413)]
    public void ReadRequest_PartThatCannotBeRead_RefusesAll(string part, int status) => AssertRefused("/v1/images", Multipart, Parts(part), status);

    [Test]
    public void ReadRequest_MultipartInMultipart_IsRead()
    {
        var message = Read("/v1/images", Multipart, Parts("Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nhello\r\n--c--"));

        Assert.That(Texts(message), Is.EqualTo(new[] { "unknown:hello" }));
    }

    [TestCase("/v1/other", "text/plain", "say hello twice: hello", "[X]", "say [X] twice: hello")]
    [TestCase("/v1/other", "application/json", "{ \"a\":\"hello\", \"b\": 1.0e400 }", "[\"X\"]", "{ \"a\":\"[\\u0022X\\u0022]\", \"b\": 1.0e400 }")]
    [TestCase("/v1/other", "application/x-ndjson", "{\"a\":1}\r\n{\"a\":\"hello\"}\r\n", "[X]", "{\"a\":1}\r\n{\"a\":\"[X]\"}\r\n")]
    [TestCase("/v1/other", "application/x-www-form-urlencoded", "b=%7e+%7E&a=%20hello+%21&c", "[X]&", "b=%7e+%7E&a=%20%5BX%5D%26+%21&c")]
    [TestCase(Chat, "application/json", "{\"messages\": [ {\"content\":\"hello\",\"role\":\"user\"} ]}", "[X]",
        "{\"messages\": [ {\"content\":\"[X]\",\"role\":\"user\"} ]}")]
    public void Rewrite_Body_ChangesOnlyTheSpan(string path, string type, string body, string replacement, string expected)
    {
        // How a quote is escaped is the splicer's choice.
        var edited = Edited(path, type, body, "hello", replacement).Replace("\\\"", "\\u0022", StringComparison.Ordinal);

        Assert.That(edited, Is.EqualTo(expected));
    }

    [Test]
    public void Rewrite_NothingToDo_LeavesTheBody()
    {
        var rewrite = Read(Chat, "application/json", ChatBody).Rewrite([], []);

        Assert.That((rewrite.Body, rewrite.Failure, rewrite.Headers.Count, rewrite.RawPath, rewrite.RawQuery),
            Is.EqualTo(((ReadOnlyMemory<byte>?)null, (GuardrailFailure?)null, 0, (string?)null, (string?)null)));
    }

    [Test]
    public void ReadRequest_TooManySegments_Is413()
    {
        var limits = new PlanLimits { MaxSegments = 3 };
        foreach (var (type, body) in new[]
        {
            ("application/json", "[\"1\",\"2\",\"3\",\"4\"]"),
            ("application/x-www-form-urlencoded", "a=b&c=d"),
            (Multipart, Parts("Content-Disposition: form-data; name=a\r\n\r\n1", "Content-Disposition: form-data; name=b\r\n\r\n2")),
        })
        {
            var result = WireReader.ReadRequest(Head("/v1/other", type), Encoding.UTF8.GetBytes(body), true, GuardrailNeeds.Content, limits);

            Assert.That((result.StatusCode, result.Failure?.Reason), Is.EqualTo((413, FailureReasons.LimitExceeded)), type);
        }
    }

    private static WireHead Head(string path, string? type) => new() { Method = "POST", RawPath = path, ContentType = type };

    private static WireReadResult Result(WireHead head, string body) =>
        WireReader.ReadRequest(head, Encoding.UTF8.GetBytes(body), true, GuardrailNeeds.Content, PlanLimits.Default);

    private static WireMessage Read(string path, string? type, string body) => Read(path, type, Encoding.UTF8.GetBytes(body));

    private static WireMessage Read(string path, string? type, byte[] body)
    {
        var result = WireReader.ReadRequest(Head(path, type), body, true, GuardrailNeeds.Content, PlanLimits.Default);
        Assert.That(result.Failure, Is.Null);
        return result.Message!;
    }

    [Test]
    public void ReadRequest_MoreLinesThanSegmentsAllowed_AreTooMuch()
    {
        var lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 9)));
        var limits = PlanLimits.Default with { MaxSegments = 8 };

        var result = WireReader.ReadRequest(Head("/other", "application/x-ndjson"), lines, true, GuardrailNeeds.Content, limits);

        Assert.That(result.StatusCode, Is.EqualTo(413));
    }

    [TestCase("X-HTTP-Method-Override", true)]
    [TestCase("X_HTTP_METHOD_OVERRIDE", true)]
    [TestCase("x_method-override", true)]
    [TestCase("X-Method", false)]
    public void MethodOverride_Name_IsKnownHoweverServersSpellIt(string name, bool isOne) =>
        Assert.That(MethodOverride.IsPresent([new(name, "DELETE")]), Is.EqualTo(isOne));

    private static void AssertRefused(string path, string? type, string body, int status) =>
        AssertRefused(path, type, Encoding.UTF8.GetBytes(body), status);

    private static void AssertRefused(string path, string? type, byte[] body, int status)
    {
        var result = WireReader.ReadRequest(Head(path, type), body, true, GuardrailNeeds.Content, PlanLimits.Default);

        Assert.That(
            (result.StatusCode, result.Failure?.Class, result.Message), Is.EqualTo((status, (FailureClass?)FailureClass.Input, (WireMessage?)null)));
    }

    private static string Edited(string path, string type, string body, string find, string replacement)
    {
        var message = Read(path, type, body);
        var edits = new List<TextEdit>();
        foreach (var segment in message.Content)
        {
            var at = segment.Utf8.Span.IndexOf(Encoding.UTF8.GetBytes(find));
            if (at >= 0)
            {
                edits.Add(new TextEdit(segment.Index, new TextSpan(at, find.Length), Encoding.UTF8.GetBytes(replacement)));
            }
        }

        return Text(message.Rewrite(edits, []));
    }

    private static string Text(WireRewrite rewrite)
    {
        Assert.That(rewrite.Failure, Is.Null);
        return Encoding.UTF8.GetString(rewrite.Body!.Value.Span);
    }

    private static string Parts(params string[] parts) => string.Concat(parts.Select(part => "--b\r\n" + part + "\r\n")) + "--b--\r\n";

    private static IEnumerable<string> Texts(WireMessage message) =>
        message.Content.Select(segment => $"{segment.Kind}:{(segment.Payload == PayloadKind.Text ? segment.Text : $"({segment.Uninspected})")}");
}
