using System.Text;
using LlmGuard.Http.Json;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Json;

/// <summary>What a caller is told whose JSON is refused: the cause and the place, and nothing of what stands there.</summary>
public sealed class JsonFaultTests
{
    private const string Chat = "openai.chat_completions";

    [TestCase("", "it is empty where JSON is expected")]
    [TestCase(" \r\n", "it is empty where JSON is expected")]
    [TestCase("\uFEFF{}", "it begins with a byte order mark, which JSON must not (RFC 8259, section 8.1)")]
    [TestCase("{'a':1}", "it is not JSON (RFC 8259), at line 1, byte 2")]
    [TestCase("{\"a\":1,\n \"b\":tru}", "it is not JSON (RFC 8259), at line 2, byte 9")]
    [TestCase("{\"a\":1", "it is not JSON (RFC 8259), at line 1, byte 7")]
    [TestCase("{} {}", "it is not JSON (RFC 8259), at line 1, byte 4")]
    [TestCase("{\"a\":1,\n\"b\":2,\r\n\"\\u0061\":3}", "it has the same name twice in one object, at line 3, byte 1")]
    [TestCase("[{\"x\":{\"k\":1,\"k\":2}}]", "it has the same name twice in one object, at line 1, byte 14")]
    [TestCase("{\"a\":\"\\ud83d\\ude00\",\"b\":\"x\\ud800\"}", "it holds half of a surrogate pair in the string, at line 1, byte 25")]
    [TestCase("{\"\\udc00\":1,\"a\":1,\"a\":1}", "it holds half of a surrogate pair in the string, at line 1, byte 2")]
    public void Read_RefusedText_SaysWhyAndWhere(string json, string detail) => Assert.That(Reading.Of(json).Result.Detail, Is.EqualTo(detail));

    [TestCase("{\"messages\":[{\"role\":\"user\",\n\"content\":\"a\",\"Con_tent\":\"b\"}]}", "line 2, byte 15")]
    [TestCase("{\"messages\":[],\"MESSAGES\":[]}", "line 1, byte 16")]
    public void Read_NameThatLenientServersTakeForAnother_SaysWhere(string json, string place) =>
        Assert.That(Reading.Of(json, Chat).Result.Detail, Is.EqualTo("it has the same name twice in one object, at " + place));

    [Test]
    public void Read_TwiceAmongManyNames_NamesTheSecond()
    {
        var names = string.Concat(Enumerable.Range(0, 100).Select(i => $"\"n{i}\":{i},\n"));

        Assert.That(Reading.Of("{" + names + "\"n7\":0}").Result.Detail, Does.EndWith(", at line 101, byte 1"));
    }

    [Test]
    public void Read_NotUtf8_SaysWhere()
    {
        byte[] json = [.. Encoding.UTF8.GetBytes("{\"é\":\n \"ü"), 0xC3, .. "\"}"u8];

        Assert.That(Reading.Of(json).Result.Detail, Is.EqualTo("it is not UTF-8, at line 2, byte 5"));
    }

    [Test]
    public void Read_CutCharacterAtTheEnd_SaysWhere() =>
        Assert.That(Reading.Of([(byte)'"', 0xE2, 0x82]).Result.Detail, Is.EqualTo("it is not UTF-8, at line 1, byte 2"));

    [Test]
    public void Read_TooDeep_SaysTheLimit() => Assert.That(
        Reading.Of("[[[[[]]]]]", limits: new PlanLimits { MaxDepth = 4 }).Result.Detail,
        Is.EqualTo("its JSON is nested deeper than 4 levels"));

    [Test]
    public void Read_TooManyValues_SaysSo() => Assert.That(
        Reading.Of("[" + string.Join(',', Enumerable.Repeat("1", 100)) + "]", limits: new PlanLimits { MaxSegments = 1 }).Result.Detail,
        Is.EqualTo("its JSON has more values than the policy allows"));

    [Test]
    public void Read_UnreadableAnswer_SaysNothingOfIt() =>
        Assert.That(Reading.Of("{", direction: JsonDirection.Response).Result.Detail, Is.Null);

    [Test]
    public void Read_AnyDamage_IsExplainedWithoutContent()
    {
        // Every text of the body is the same rare letter, so that any letter of it in an explanation is content.
        const string Body = """{"ΩΩ":"ΩΩΩ","messages":[{"role":"user","content":"ΩΩ \u03a9 Ω"},{"role":"user","content":["Ω",1.5e3,null]}]}""";
        var valid = Encoding.UTF8.GetBytes(Body);
        var random = new Random(20261122);
        using var scope = Assert.EnterMultipleScope();
        for (var i = 0; i < 4000; i++)
        {
            var damaged = Damage(valid, random);
            var result = Reading.Of(damaged, Chat).Result;
            if (result.Body is null)
            {
                Assert.That(result.Detail, Does.Match("^it(s JSON)? [a-zA-Z0-9 ,()-]+$"), () => Convert.ToHexString(damaged));
            }
        }
    }

    private static byte[] Damage(byte[] valid, Random random)
    {
        var damaged = valid.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(4))
            {
                case 0:
                    damaged.RemoveAt(at);
                    break;
                case 1:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 2:
                    damaged.Insert(at, (byte)"\"\\{}[],:u\n"[random.Next(10)]);
                    break;
                default:
                    damaged.InsertRange(at, damaged.GetRange(at, Math.Min(20, damaged.Count - at)));
                    break;
            }
        }

        return [.. damaged];
    }
}
