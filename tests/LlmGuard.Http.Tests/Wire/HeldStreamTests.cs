using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Wire;

public sealed class HeldStreamTests
{
    private static readonly string[] Dialects = ["openai.chat_completions", "anthropic.messages"];

    [Test]
    public void Rewrite_MatchOverSeveralDeltas_PutsTheMaskWhereItStartsAndCutsTheRest()
    {
        var stream = OpenAI("my ca") + OpenAI("rd is 41") + ": ping\n\n" + OpenAI("11-1") + OpenAI("111.") + "data: [DONE]\n\n";

        var masked = Mask("openai.chat_completions", stream, "4111-1111", "[CARD]");

        Assert.That(masked, Is.EqualTo(OpenAI("my ca") + OpenAI("rd is [CARD]") + ": ping\n\n" + OpenAI("") + OpenAI(".") + "data: [DONE]\n\n"));
    }

    [Test]
    public void Read_DeltasOfAnUnknownDialect_AreJudgedAloneAndJoinedByPlaceAndNumber()
    {
        static string Event(string type, int output, string delta) =>
            $"data: {{\"type\":\"{type}\",\"output_index\":{output},\"id\":\"same\",\"delta\":\"{delta}\"}}\n\n";
        var stream = Event("a", 0, "ann@exa") + Event("a", 1, "other ") + Event("a", 0, "mple.com") + Event("a", 1, "text") + Event("done", 0, "x");

        var message = Read(null, stream);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.Content.JoinedTexts.Select(joined => Encoding.UTF8.GetString(joined.Utf8.Span)),
                Is.SupersetOf(new[] { "ann@example.comx", "other text", "samesamesame" }));
            Assert.That(message.Content.Select(segment => segment.Text), Is.SupersetOf(new[] { "ann@exa", "mple.com", "other ", "text" }));
            Assert.That(
                message.Content.Count(segment => segment.Text == "same"), Is.EqualTo(5), "each is judged alone, also where the pieces are equal");
        }

        var parts = message.Content.JoinedTexts.Single(joined => joined.Utf8.Length == "ann@example.comx".Length).Parts;
        var rewritten = message.Rewrite(
            [new TextEdit(parts[0].Index, new TextSpan(0, 7), "[MAIL]"u8.ToArray()), new TextEdit(parts[1].Index, new TextSpan(0, 8), default)],
            []);
        Assert.That(
            Encoding.UTF8.GetString(rewritten.Body!.Value.Span),
            Is.EqualTo(Event("a", 0, "[MAIL]") + Event("a", 1, "other ") + Event("a", 0, "") + Event("a", 1, "text") + Event("done", 0, "x")));
    }

    [Test]
    public void Read_MembersThatADialectDoesNotHave_AreJudgedAloneAndJoinedByPlace()
    {
        static string Event(string first, string second) =>
            $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"-\",\"zork\":\"{first}\",\"more\":[{{\"text\":\"{second}\"}}]}}}}]}}\n\n";

        var message = Read("openai.chat_completions", Event("blue", "ann@exa") + Event("bird", "mple.com"));

        Assert.That(
            message.Content.JoinedTexts.Select(joined => Encoding.UTF8.GetString(joined.Utf8.Span)),
            Is.EquivalentTo(new[] { "bluebird", "ann@example.com" }));
    }

    [Test]
    public void Rewrite_TwoChoices_AreTwoTexts()
    {
        var stream = OpenAI("se", 0) + OpenAI("oth", 1) + OpenAI("cret", 0) + OpenAI("er", 1);

        var message = Read("openai.chat_completions", stream);

        Assert.That(message.Content.Select(segment => segment.Text), Is.SupersetOf(new[] { "secret", "other" }));
        Assert.That(
            Mask("openai.chat_completions", stream, "secret", "x"), Is.EqualTo(OpenAI("x", 0) + OpenAI("oth", 1) + OpenAI("", 0) + OpenAI("er", 1)));
    }

    [Test]
    public void Rewrite_ToolArgumentsInFragments_AreMaskedInsideTheLeafAndStayJson()
    {
        var stream = Arguments("{\"to\": \"al") + Arguments("ice@exam") + Arguments("ple.org\", \"n\": 1}") + "data: [DONE]\n\n";
        var message = Read("openai.chat_completions", stream);

        Assert.That(message.Content.Select(segment => segment.Text), Does.Contain("alice@example.org"));

        var masked = Mask("openai.chat_completions", stream, "alice@example.org", "\"mail\"");
        var arguments = string.Concat(Data(masked).Where(data => data != "[DONE]").Select(data =>
            JsonNode.Parse(data)!["choices"]![0]!["delta"]!["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>()));

        Assert.That(JsonNode.Parse(arguments)!.ToJsonString(), Is.EqualTo(JsonNode.Parse("{\"to\":\"\\\"mail\\\"\",\"n\":1}")!.ToJsonString()));
    }

    [Test]
    public void Rewrite_AnyCutsOfTheText_EqualsMaskingTheWholeTextAndKeepsOtherEvents()
    {
        var cases = from dialect in Gen.Elements(Dialects)
                    from pieces in Gen.NonEmptyListOf(
                        Gen.Elements("a", "SEC", "RET", "SECRET", "\n", "\"", "\u20AC", "\U0001F600", "S", "E", "", "x\\"))
                    from ending in Gen.Elements("\n", "\r\n", "\r")
                    select (dialect, Pieces: pieces.ToArray(), ending);

        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var events = c.Pieces.Select(piece => Event(c.dialect, piece).Replace("\n", c.ending, StringComparison.Ordinal)).ToArray();
            var whole = string.Concat(c.Pieces);
            var masked = Mask(c.dialect, string.Concat(events), "SECRET", "[M]");
            var after = Split(masked, c.ending);
            var text = string.Concat(after.Select(e => TextOf(c.dialect, e)));

            // An event is touched exactly when a byte of a match stands in it.
            var touched = Touched(whole, c.Pieces);
            return after.Length == events.Length
                && text == whole.Replace("SECRET", "[M]", StringComparison.Ordinal)
                && after.Zip(events).Where((_, i) => !touched[i]).All(pair => pair.First == pair.Second);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(4711, 17));
    }

    [Test]
    public void ReadResponse_DataOverSeveralLines_IsOneTextAndEditedInPlace()
    {
        const string Stream =
            "event: x\ndata: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"my secret\"}}]}\nid: 7\n\ndata: [DONE]\n\n";

        var masked = Mask("openai.chat_completions", Stream, "secret", "[M]");

        Assert.That(masked, Is.EqualTo(Stream.Replace("secret", "[M]", StringComparison.Ordinal)));
    }

    [Test]
    public void ReadResponse_LinesBetweenTheDataOfOneEvent_Stay()
    {
        const string Stream = "data: {\"choices\":[{\"index\":0,\r\nid: 7\r\ndata: \"delta\":{\"content\":\"secret\"}}]}\r\n\r\n";

        var masked = Mask("openai.chat_completions", Stream, "secret", "[M]");

        Assert.That(masked, Is.EqualTo("data: {\"choices\":[{\"index\":0,\r\ndata: \"delta\":{\"content\":\"[M]\"}}]}\r\nid: 7\r\n\r\n"));
    }

    [TestCase("data: say se\n\ndata: cret\n\n", "data: say [M]\n\ndata: \n\n", TestName = "text events are one text")]
    [TestCase("data: a\ndata: secret\n\n", "data: a\ndata: [M]\n\n", TestName = "a text over two lines")]
    [TestCase(": a secret\n\ndata: {}\n\n", ": a [M]\n\ndata: {}\n\n", TestName = "a comment")]
    [TestCase("data: {\"a\":\"secret\"}\n\n", "data: {\"a\":\"[M]\"}\n\n", TestName = "JSON of no dialect")]
    [TestCase("data: {\"a\":\"secret\"}", "data: {\"a\":\"[M]\"}", TestName = "an event that is not ended")]
    [TestCase("\uFEFFdata: secret\n\n", "\uFEFFdata: [M]\n\n", TestName = "a stream with a byte order mark")]
    [TestCase("foo: secret\n\n", "foo: [M]\n\n", TestName = "a field nobody knows")]
    public void Rewrite_StreamOfNoDialect_IsInspectedToo(string stream, string expected) =>
        Assert.That(Mask(null, stream, "secret", "[M]"), Is.EqualTo(expected));

    [TestCase("event: secret\n\n")]
    [TestCase("id: secret\n\n")]
    public void ReadResponse_NamesAndIds_AreReadAndNotEditable(string stream) => Assert.That(
        Read(null, stream).Content.Single(segment => segment.Text == "secret").Editability,
        Is.EqualTo(Editability.Identifier));

    [TestCase("[M]\n[M]", "data: [M]\ndata: [M]\n\n")]
    [TestCase("[M]\r", null)]
    public void Rewrite_MaskWithLineEnds_StaysOneEventOrFails(string replacement, string? expected)
    {
        var message = Read(null, "data: secret\n\n");

        var rewrite = message.Rewrite([new TextEdit(0, new TextSpan(0, 6), Encoding.UTF8.GetBytes(replacement))], []);

        Assert.That(rewrite.Body is { } body ? Encoding.UTF8.GetString(body.Span) : null, Is.EqualTo(expected));
        Assert.That(rewrite.Failure is null, Is.EqualTo(expected is not null));
    }

    [Test]
    public void ReadResponse_LongStream_CountsTheEnvelopeOnce()
    {
        var stream = string.Concat(Enumerable.Range(0, 2000).Select(_ => OpenAI("word ")));

        var message = Read("openai.chat_completions", stream);

        Assert.That(message.Content.Count, Is.LessThan(20));
        Assert.That(message.Content.Single(segment => segment.Kind == SegmentKind.Message).Utf8.Length, Is.EqualTo(10_000));
    }

    [Test]
    public void Rewrite_Twice_GivesTheSame()
    {
        var message = Read("openai.chat_completions", Arguments("{\"to\": \"al") + Arguments("ice\"}"));
        var segment = message.Content.Single(segment => segment.Text == "alice");
        TextEdit[] edits = [new TextEdit(segment.Index, new TextSpan(0, 5), "[M]"u8.ToArray())];

        var first = message.Rewrite(edits, []).Body!.Value.ToArray();

        Assert.That(message.Rewrite(edits, []).Body!.Value.ToArray(), Is.EqualTo(first));
    }

    [Test]
    public void ReadResponse_UsageInTheLastEvents_IsReported()
    {
        var stream = OpenAI("x") + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}\n\n";

        Assert.That(Read("openai.chat_completions", stream).Usage?.Total, Is.EqualTo(7));
    }

    [Test]
    public void ReadResponse_StreamUnderAnotherType_IsReadAsAStreamOfTheDialect()
    {
        var head = Head("openai.chat_completions") with { ContentType = "text/plain" };

        var message = WireReader.ReadResponse(head, Encoding.UTF8.GetBytes(OpenAI("se") + OpenAI("cret")), true, GuardrailNeeds.Content,
            PlanLimits.Default).Message!;

        Assert.That(message.Content.Select(segment => segment.Text), Does.Contain("secret"));
    }

    [Test]
    public void ReadResponse_DialectNotKnownFromTheRequest_IsToldByTheFirstEvent() =>
        Assert.That(Read(null, OpenAI("se") + OpenAI("cret")).Content.Select(segment => segment.Text), Does.Contain("secret"));

    [Test]
    public void ReadResponse_JsonLines_AreReadLineByLine()
    {
        var head = Head(null) with { ContentType = "application/x-ndjson" };
        var message =
            WireReader.ReadResponse(head, "{\"a\":\"secret\"}\n{\"a\":1}\n"u8.ToArray(), true, GuardrailNeeds.Content, PlanLimits.Default).Message!;
        var segment = message.Content.Single(segment => segment.Text == "secret");

        var rewrite = message.Rewrite([new TextEdit(segment.Index, new TextSpan(0, 6), "[M]"u8.ToArray())], []);

        Assert.That(Encoding.UTF8.GetString(rewrite.Body!.Value.Span), Is.EqualTo("{\"a\":\"[M]\"}\n{\"a\":1}\n"));
    }

    private static string Event(string dialect, string text) => dialect == "anthropic.messages"
        ? $"event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":{Json(text)}}}}}\n\n"
        : OpenAI(text);

    private static string TextOf(string dialect, string sent)
    {
        var data = JsonNode.Parse(Data(sent).Single())!;
        return (dialect == "anthropic.messages" ? data["delta"]!["text"] : data["choices"]![0]!["delta"]!["content"])!.GetValue<string>();
    }

    private static string OpenAI(string text, int choice = 0) =>
        $"data: {{\"id\":\"c-1\", \"object\":\"chat.completion.chunk\",\"choices\":[{{\"index\":{choice},\"delta\":{{\"content\":{Json(text)}}},\"finish_reason\":null}}]}}\n\n";

    private static string Arguments(string text) =>
        $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{{\"index\":0,\"function\":{{\"arguments\":{Json(text)}}}}}]}}}}]}}\n\n";

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text, RelaxedJson);

    private static readonly System.Text.Json.JsonSerializerOptions RelaxedJson =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string[] Split(string stream, string ending) =>
        [.. stream.Split(ending + ending, StringSplitOptions.RemoveEmptyEntries).Select(e => e + ending + ending)];

    private static IEnumerable<string> Data(string stream) =>
        stream.Split(['\r', '\n']).Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..]);

    private static bool[] Touched(string whole, string[] pieces)
    {
        var inMatch = new bool[whole.Length];
        for (var at = whole.IndexOf("SECRET", StringComparison.Ordinal); at >= 0; at = whole.IndexOf("SECRET", at + 6, StringComparison.Ordinal))
        {
            Array.Fill(inMatch, true, at, 6);
        }

        var start = 0;
        return [.. pieces.Select(piece =>
        {
            var touched = inMatch.AsSpan(start, piece.Length).Contains(true);
            start += piece.Length;
            return touched;
        })];
    }

    private static WireHead Head(string? dialect) => new()
    {
        Method = "POST",
        RawPath = "/proxy",
        ContentType = "text/event-stream",
        Status = HttpStatusCode.OK,
        Dialect = dialect,
    };

    private static WireMessage Read(string? dialect, string stream)
    {
        var result = WireReader.ReadResponse(
            Head(dialect), Encoding.UTF8.GetBytes(stream), true, GuardrailNeeds.Content | GuardrailNeeds.Usage, PlanLimits.Default);
        Assert.That(result.Failure, Is.Null);
        return result.Message!;
    }

    private static string Mask(string? dialect, string stream, string find, string replacement)
    {
        var message = Read(dialect, stream);
        var needle = Encoding.UTF8.GetBytes(find);
        var edits = new List<TextEdit>();
        foreach (var segment in message.Content)
        {
            var text = segment.Utf8.Span;
            for (int start = 0, at; (at = text[start..].IndexOf(needle)) >= 0; start += at + needle.Length)
            {
                edits.Add(new TextEdit(segment.Index, new TextSpan(start + at, needle.Length), Encoding.UTF8.GetBytes(replacement)));
            }
        }

        var rewrite = message.Rewrite(edits, []);
        Assert.That(rewrite.Failure, Is.Null);
        return rewrite.Body is { } body ? Encoding.UTF8.GetString(body.Span) : stream;
    }
}
