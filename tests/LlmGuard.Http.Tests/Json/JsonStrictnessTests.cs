using System.Text;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Json;

/// <summary>What is a JSON text and what is not: RFC 8259, and the ambiguities that readers resolve differently.</summary>
public sealed class JsonStrictnessTests
{
    private const string Chat = "openai.chat_completions";

    private static readonly string[] Accepted =
    [
        "{}", "[]", "null", "true", "\"\"", "0", "-0", "1e5", "1E+5", "1.0e400", "-1.5e-400", "123456789012345678901234567890",
        " \t\r\n{ \"a\" :\n1 } \r\n", "{\"\":1}", "[[],[[]],{}]", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
        "\"\u007f\"", "\"\u2028\u2029\"", "\"\U0001F600\"", "\"\uFEFF\"", "{\"a\":1,\"A\":2}", "{\"a_b\":1,\"ab\":2}", "\"\\uFFFF\"",
    ];

    private static readonly string[] Refused =
    [
        "", " ", "{", "}", "[1", "[1,]", "[,1]", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{a:1}", "{'a':1}", "{1:1}", "[1 2]", "{\"a\":1 \"b\":2}",
        "NaN", "Infinity", "-Infinity", "+1", "01", "-", "1.", ".5", "1e", "1e+", "0x10", "- 1", "1_000",
        "\"", "\"a", "\"\\\"", "\"\\x41\"", "\"\\u12\"", "\"\\u12G4\"", "\"\n\"", "\"\t\"", "\"\0\"", "'a'", "True", "nul", "truefalse",
        "{} {}", "{}x", "[]]", "{}// c", "/* c */{}", "{}\0", "\uFEFF{}", "\u00A0{}", "\f{}", "undefined",
        "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "[{\"x\":{\"k\":1,\"k\":2}}]", "{\"\":1,\"\":2}",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\udc00\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"", "{\"\\ud800\":1}", "\"\\uD83D\\uD83D\\uDE00\"",
    ];

    private static readonly byte[][] NotUtf8 =
    [
        [(byte)'"', 0xFF, (byte)'"'], [(byte)'"', 0xC0, 0x80, (byte)'"'], [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'],
        [(byte)'"', 0xF4, 0x90, 0x80, 0x80, (byte)'"'],
        [(byte)'"', 0xE2, 0x82, (byte)'"'], [(byte)'"', 0x80, (byte)'"'], [0xFE, 0xFF, 0, (byte)'1'],
        [(byte)'{', (byte)'"', 0xC3, (byte)'"', (byte)':', (byte)'1', (byte)'}'],
    ];

    [TestCaseSource(nameof(Accepted))]
    public void Read_ValidText_IsRead(string json) => Assert.That(Reading.Of(json).Result.Failure, Is.Null);

    [TestCaseSource(nameof(Refused))]
    public void Read_InvalidOrAmbiguousText_Is400(string json)
    {
        var result = Reading.Of(json).Result;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Body, Is.Null);
            Assert.That(result.StatusCode, Is.EqualTo(400));
            Assert.That(result.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.Undecodable)));
        }
    }

    [TestCaseSource(nameof(NotUtf8))]
    public void Read_InvalidUtf8_Is400(byte[] json) => Assert.That(Reading.Of(json).Result.StatusCode, Is.EqualTo(400));

    [Test]
    public void Read_UnreadableAnswer_IsAnOutputFailure() => Assert.That(
        Reading.Of("{", direction: LlmGuard.Http.Json.JsonDirection.Response).Result.Failure?.Class, Is.EqualTo(FailureClass.Output));

    [TestCase(4, 200)]
    [TestCase(5, 413)]
    [TestCase(6, 413)]
    [TestCase(5000, 413)]
    public void Read_Nesting_IsLimited(int depth, int status)
    {
        var result = Reading.Of(new string('[', depth) + new string(']', depth), limits: new PlanLimits { MaxDepth = 4 }).Result;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.StatusCode, Is.EqualTo(status));
            Assert.That(result.IsTooDeep, Is.EqualTo(status == 413));
        }
    }

    [TestCase("1", 0)]
    [TestCase("{}", 1)]
    [TestCase("{\"a\":[1,{\"b\":2}]}", 3)]
    public void Read_Depth_CountsAFlatObjectAsOne(string json, int depth) => Assert.That(Reading.Of(json).Body.Depth, Is.EqualTo(depth));

    [Test]
    public void Read_DepthLimitOfTheWholeRange_DoesNotOverflow() =>
        Assert.That(Reading.Of("[[1]]", limits: new PlanLimits { MaxDepth = int.MaxValue }).Result.StatusCode, Is.EqualTo(200));

    [TestCase(10, 200)]
    [TestCase(11, 413)]
    public void Read_Segments_AreLimited(int count, int status)
    {
        var json = "[" + string.Join(',', Enumerable.Repeat("\"x\"", count)) + "]";
        Assert.That(Reading.Of(json, limits: new PlanLimits { MaxSegments = 10 }).Result.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public void Read_TokensWithoutSegments_AreLimitedToo()
    {
        var json = "[" + string.Join(',', Enumerable.Repeat("null", 1000)) + "]";
        Assert.That(Reading.Of(json, limits: new PlanLimits { MaxSegments = 10 }).Result.StatusCode, Is.EqualTo(413));
    }

    [TestCase("{\"model\":\"a\",\"Model\":\"b\"}")]
    [TestCase("{\"max_tokens\":1,\"maxTokens\":2}")]
    [TestCase("{\"messages\":[{\"role\":\"user\",\"ROLE\":\"system\"}]}")]
    [TestCase("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\",\"te_xt\":\"b\"}]}]}")]
    [TestCase("{\"stop\":\"a\",\"\u017Ftop\":\"b\"}")]
    [TestCase("{\"messages\":[{\"tool_calls\":[{\"function\":{\"name\":\"a\",\"NAME\":\"b\"}}]}]}")]
    public void Read_NamesEqualAfterFolding_AreRefusedInInterpretedObjects(string json) =>
        Assert.That(Reading.Of(json, Chat).Result.StatusCode, Is.EqualTo(400));

    [Test]
    public void Read_NamesEqualAfterFolding_PassInFreeTrees() => Assert.That(
        Reading.Of("{\"metadata\":{\"a\":\"1\",\"A\":\"2\"},\"messages\":[]}", Chat).Result.StatusCode, Is.EqualTo(200));

    [Test]
    public void Read_ManyKeys_FindsTheDuplicate()
    {
        var keys = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"k{i}\":{i}"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Reading.Of("{" + keys + "}").Result.StatusCode, Is.EqualTo(200));
            Assert.That(Reading.Of("{" + keys + ",\"k\\u00317\":0}").Result.StatusCode, Is.EqualTo(400));
        }
    }

    [TestCase("{\"a\":1,\"a\":2}")]
    [TestCase("\"\\ud800\"")]
    public void Read_AmbiguousJsonInToolArguments_Is400(string arguments)
    {
        var json = "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":"
            + System.Text.Json.JsonSerializer.Serialize(arguments) + "}}]}]}";
        Assert.That(Reading.Of(json, Chat).Result.StatusCode, Is.EqualTo(400));
    }

    [Test]
    public void Read_Failure_QuotesNothing() =>
        Assert.That(Reading.Of(Encoding.UTF8.GetBytes("{\"secret-marker\":tru}")).Result.ToString(), Does.Not.Contain("secret-marker"));
}
