using System.Text;
using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Locating;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>RFC 8259 as a table: what has to pass, what must not, and what the RFC leaves open and is decided here.</summary>
public sealed class LocatorRulesTests
{
    // By rule of the RFC: section 2 structure and white space, 3 literals, 4 objects, 5 arrays, 6 numbers, 7 strings, 8.1 encoding.
    private static readonly string[] Pass =
    [
        " \t\n\r[ \t\n\r1 \t\n\r, \t\n\r2 \t\n\r] \t\n\r", "\n\n\n{}\n", "{\"a\"\t:\r1}", "1 ", " true", "\"a\" ",
        "true", "false", "null", "[true,false,null]", "{\"true\":true}",
        "{}", "{\"\":\"\"}", "{\"a\":{\"a\":{\"a\":1}}}", "{\"a\":1,\"A\":2}", "{\"a\":1,\"a \":2}", "[{\"a\":1},{\"a\":1}]",
        "{\"a\":[{\"a\":1}],\"b\":2}", "{\"ab\":1,\"ba\":2}", "{\"\\u0061\":1,\"b\":2}",
        "[]", "[[]]", "[[],[],[[[]]]]", "[1]", "[\"\",\"\",\"\"]", "[1,\"a\",null,{},[],true]",
        "0", "-0", "0.0", "-0.0", "0e0", "0E-0", "10", "-10", "1.0", "1.25e10", "1e400", "1E+400", "123e-10000000", "[1,-1,0.5]",
        "123456789012345678901234567890.123456789012345678901234567890",
        "\"\"", "\" \"", "\"a\"", "\"'\"", "\"/\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\"", "\"\\u000a\\u000A\"", "\"\\uaBcD\"",
        "\"\\uD834\\uDd1e\"", "\"\\uDBFF\\uDFFF\"", "\"\\\\u0041\"", "\"\\\\\"",
        "\"\u007F\"", "\"\u0080\"", "\"\u2028\u2029\"", "\"\uFEFF\"", "\"\uFFFD\"", "\"\uFFFE\uFFFF\"", "\"\U0010FFFF\"", "\"é信😀\"",
        "\"[{\\\"a\\\":1}]\"",
    ];

    private static readonly string[] Fail =
    [
        "", " ", "\t\n", "\f1", "\v1", "\u00A01", "\u20281", "\0", "1\0", "[\0]", "{\u0001}", "\uFEFF1", "1\uFEFF", "/**/1", "1//", "#1",
        "tru", "truE", "True", "TRUE", "trueX", "true1", "true\"a\"", "nul", "nullnull", "fals", "falsey", "NaN", "Infinity", "-Infinity",
        "undefined", "t", "n", "f",
        "{", "}", "{]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{:1}", "{\"a\" 1}", "{\"a\"::1}", "{\"a\",1}", "{a:1}",
        "{'a':1}", "{1:1}", "{null:1}", "{[]:1}", "{\"a\":1 \"b\":2}", "{\"a\":1;\"b\":2}", "{\"a\"}", "{\"a\":}", "{\"a\":1}}",
        "[", "]", "[}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]", "[\"a\":1]", "[1]]", "[1]1", "[\"\"\"\"]", "[1\"a\"]",
        "[\"a\"1]", "[[]{}]", "[{}[]]", "[1}", "{\"a\":1]", "[\"a", "[\"a\"", "1,2", "[1],",
        "-", "+1", "01", "-01", "00", "1.", ".1", "-.1", "1.e1", "1e", "1e+", "1e-", "1e1.5", "1E++1", "0x10", "1_000", "1,000", "--1", "-a", "1a",
        "1-1", "0b1", "1.2.3", "1e1e1", "- 1", "1 .5", "\u0661", "[1.]", "[-]", "{\"a\":01}",
        "\"", "\"a", "a\"", "\"\\\"", "\"\\", "\"\\a\"", "\"\\x41\"", "\"\\'\"", "\"\\0\"", "\"\\U0041\"", "\"\\u\"", "\"\\u1\"", "\"\\u12\"",
        "\"\\u123\"", "\"\\u12G4\"", "\"\\u 123\"", "\"\\u-123\"", "\"\\u+123\"", "\"\\ud83d\\u\"", "\"\\ud83d\\u12\"",
        "\"\0\"", "\"\t\"", "\"\n\"", "\"\r\"", "\"\u001F\"", "\"a\nb\"", "'a'", "`a`", "\"a\"\"b\"", "\"a\" \"b\"", "\\\"a\\\"", "\\", "[\\n]",
        "{\\\"a\\\":1}",
    ];

    // Section 4: names "SHOULD be unique". Section 8.2: half a pair is "unpredictable".
    private static readonly string[] TwoWays =
    [
        "{\"a\":1,\"a\":1}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":1,\"\\u0061\":2}", "{\"\\u0061\":1,\"\\u0061\":2}",
        "{\"\":1,\"\":2}", "{\"\" :1,\"\" :2}", "{\"x\":{\"a\":1,\"a\":2}}", "[{\"a\":[],\"a\":{}}]",
        "{\"é\":1,\"\\u00e9\":2}", "{\"\\ud83d\\ude00\":1,\"😀\":2}", "{\"a\\/\":1,\"a/\":2}", "{\"a\":{\"b\":1},\"c\":[{\"d\":1,\"e\":2,\"d\":3}]}",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\udfff\\ud800\"", "\"\\ud800\\ud800\\udc00\"", "\"\\ud800\\udc00\\udc00\"", "\"\\ud800 \\udc00\"",
        "\"\\ud800\\\\udc00\"", "\"\\ud800\\u0041\"", "{\"\\ud800\":1}", "{\"\\ud800\":1,\"\\ud800\":2}", "[\"\\ud800\",\"\\udc00\"]",
        "\"\\uDBFF\\uE000\"",
    ];

    private static readonly byte[][] NotUtf8 =
    [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xED, 0xA0, 0x80],
        [0xED, 0xBF, 0xBF],
        [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        [0xC2, 0xA0, 0x80], [0xE2, 0x82, 0xAC, 0xAC],
    ];

    /// <summary>
    /// Whatever byte stands behind a backslash and wherever the text ends in its last block, which is not loaded as the others are.
    /// </summary>
    [Test]
    public void Locate_AnyByteBehindABackslash_IsJudgedTheSameByAll([Values(0, 1, 31, 62, 63, 64, 65, 100, 127)] int before)
    {
        for (var letter = 0; letter < 256; letter++)
        {
            byte[] json = [(byte)'"', .. Enumerable.Repeat((byte)'a', before), (byte)'\\', (byte)letter, (byte)'"'];
            var isEscape = "\"\\/bfnrt"u8.Contains((byte)letter);
            Assert.That(Locators.AssertAgree(json, $"{letter} behind {before}"),
                Is.EqualTo(isEscape ? JsonLocateStatus.Ok : JsonLocateStatus.Malformed));
        }
    }

    [Test]
    public void Locate_TextsOfAllLengths_AreReadToTheirEndByAll()
    {
        for (var length = 0; length < 300; length++)
        {
            byte[] text = [(byte)'[', (byte)'"', .. Enumerable.Repeat((byte)'x', length), (byte)'"', (byte)']'];
            Assert.That(Locators.AssertAgree(text, $"{length}"), Is.EqualTo(JsonLocateStatus.Ok));
            Assert.That(Locators.AssertAgree(text.AsSpan(0, text.Length - 1), $"{length}, cut"), Is.EqualTo(JsonLocateStatus.Malformed));
        }
    }

    [TestCaseSource(nameof(Pass))]
    public void Locate_JsonText_Passes(string json) => Assert.That(StatusOf(json), Is.EqualTo(JsonLocateStatus.Ok));

    [TestCaseSource(nameof(Fail))]
    public void Locate_AnythingElse_IsMalformed(string json) => Assert.That(StatusOf(json), Is.EqualTo(JsonLocateStatus.Malformed));

    [TestCaseSource(nameof(TwoWays))]
    public void Locate_TextThatReadersUnderstandDifferently_IsAmbiguous(string json) =>
        Assert.That(StatusOf(json), Is.EqualTo(JsonLocateStatus.Ambiguous));

    [TestCaseSource(nameof(TwoWays))]
    public void Locate_AmbiguousTextThatIsNoJson_IsMalformed(string json) =>
        Assert.That(StatusOf(json + "x"), Is.EqualTo(JsonLocateStatus.Malformed));

    [TestCaseSource(nameof(NotUtf8))]
    public void Locate_BytesThatAreNotUtf8_AreMalformedWhereverTheyStand(byte[] bytes)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Locators.AssertAgree([(byte)'"', .. bytes, (byte)'"'], "string"), Is.EqualTo(JsonLocateStatus.Malformed));
            Assert.That(Locators.AssertAgree([.. "{\""u8, .. bytes, .. "\":1}"u8], "key"), Is.EqualTo(JsonLocateStatus.Malformed));
            Assert.That(Locators.AssertAgree([(byte)'1', (byte)' ', .. bytes], "behind"), Is.EqualTo(JsonLocateStatus.Malformed));
            Assert.That(Locators.AssertAgree(bytes, "alone"), Is.EqualTo(JsonLocateStatus.Malformed));
        }
    }

    [TestCase(64, true)]
    [TestCase(65, false)]
    [TestCase(100_000, false)]
    public void Locate_Nesting_IsLimited(int depth, bool passes)
    {
        var expected = passes ? JsonLocateStatus.Ok : JsonLocateStatus.TooDeep;
        Assert.That(StatusOf(new string('[', depth) + new string(']', depth)), Is.EqualTo(expected));
        Assert.That(StatusOf(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)), Is.EqualTo(expected));
    }

    [TestCase("[1,2,3]", 4, true)]
    [TestCase("[1,2,3]", 3, false)]
    [TestCase("{\"a\":1}", 3, true)]
    [TestCase("{\"a\":1}", 2, false)]
    [TestCase("{\"a\":1,\"a\":1}", 4, false)]
    [TestCase("1", 0, false)]
    public void Locate_Tokens_AreLimited(string json, int most, bool passes) => Assert.That(
        Locators.AssertAgree(Encoding.UTF8.GetBytes(json), "tokens", maxTokens: most),
            Is.EqualTo(passes ? JsonLocateStatus.Ok : JsonLocateStatus.TooManyTokens));

    [Test]
    public void Locate_MoreTokensThanALimit_StopsBeforeItReadsThemAll()
    {
        using var tape = JsonTape.Rent();
        var json = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("1", 1_000_000)) + "]");
        Assert.That(JsonLocator.Instance.Locate(json, 64, 100, tape), Is.EqualTo(JsonLocateStatus.TooManyTokens));
        Assert.That(tape.Reserve(0, 0).Length, Is.LessThan(20_000), "room for the tokens of two chunks");
    }

    [Test]
    public void Locate_KeysOfAllSizes_FindsOnlyTheDuplicate([Values(2, 8, 9, 16, 17, 40, 2000)] int count)
    {
        var keys = Enumerable.Range(0, count).Select(i => $"\"k{i % 7}{new string('x', i % 5)}{i}\":{i}").ToList();
        Assert.That(StatusOf("{" + string.Join(',', keys) + "}"), Is.EqualTo(JsonLocateStatus.Ok));
        keys.Add(keys[count / 2]);
        Assert.That(StatusOf("{" + string.Join(',', keys) + "}"), Is.EqualTo(JsonLocateStatus.Ambiguous));
    }

    [Test]
    public void Locate_UsedTape_FindsTheSameAsAFreshOne()
    {
        // A tape is used again with all that the last text has left in it.
        using (var tape = JsonTape.Rent())
        {
            JsonLocator.Instance.Locate("[{\"a\":\"\\n\",\"b\":[1,2,3]},{\"c\":{}}]"u8, 64, int.MaxValue, tape);
        }

        Assert.That(StatusOf("{\"a\":[{},{}]}"), Is.EqualTo(JsonLocateStatus.Ok));
    }

    [Test]
    public void Locate_InSteadyState_AllocatesNothing()
    {
        var json = Encoding.UTF8.GetBytes(
            "{\"messages\":[" + string.Join(',', Enumerable.Repeat("{\"role\":\"user\",\"content\":\"caf\u00E9 \\n\"}", 200)) + "]}");
        Assert.That(LeastAllocated.By(() => Locate(json)), Is.Zero);
    }

    private static void Locate(byte[] json)
    {
        using var tape = JsonTape.Rent();
        JsonLocator.Instance.Locate(json, 64, int.MaxValue, tape);
    }

    private static JsonLocateStatus StatusOf(string json) => Locators.AssertAgree(Encoding.UTF8.GetBytes(json), json.Length > 100 ? "long" : json);
}
