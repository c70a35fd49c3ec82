using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Tests.Policy;

public sealed class PolicyRevisionTests
{
    private const string Whole = """
        {"gateway": {"name": "G", "dialect": "openai.chat_completions", "deny_with": "error", "limits": {"max_depth": 5, "max_segments": 6}, "uninspected": {"image": "block", "audio": "allow"},
           "required_plugins": [{"name": "mask", "id": "a", "priority": 1, "stage": ["pre_request", "pre_response"], "streaming": {"mode": "head", "min_chars": 9},
             "settings": {"text": "a \"b\" ü", "numbers": {"Hate": 1, "Love": 2}, "items": [{"x": 1}, {"x": 2}]}}]},
         "services": {"s": {"required_plugins": {"k": {"name": "mask"}, "j": {"name": "mask"}}}, "t": {}},
         "rules": [{"path": "/a", "methods": ["GET"], "service_id": "s", "plugin_chain": []}],
         "consumers": [{"name": "c", "groups": ["g"]}], "consumer_groups": [{"name": "g"}],
         "identity": {"unidentified": "refuse", "trusted_headers": {"consumer": "X-U", "groups": "X-G"}}}
        """;

    private static readonly FakePlugin Plugin = new("mask", s =>
    {
        s.OptionalString("text");
        s.Map("numbers", item => item.Int32("value", 0));
        s.List("items", item => item.Int32("x", 0));
    });

    private static string Revision(string json) => Read.Policy(json, Plugin).Revision;

    [Test]
    public void Revision_AnyPolicy_Is128BitsInHexadecimal() => Assert.That(Revision(Whole), Does.Match("^[0-9a-f]{32}$"));

    [Test]
    public void Revision_OtherKeyOrderAndWhiteSpace_IsTheSame() => Prop.ForAll<int>(seed =>
    {
        var json = new StringBuilder();
        Shuffle(JsonNode.Parse(Whole)!, new Random(seed), json);
        return Revision(json.ToString()) == Revision(Whole);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(17, 1));

    [TestCase("\"name\": \"G\"", "\"name\": \"H\"")]
    [TestCase("\"dialect\": \"openai.chat_completions\"", "\"dialect\": \"anthropic.messages\"")]
    [TestCase("\"deny_with\": \"error\"", "\"deny_with\": \"completion\"")]
    [TestCase("\"max_depth\": 5", "\"max_depth\": 6")]
    [TestCase("\"image\": \"block\"", "\"image\": \"flag\"")]
    [TestCase("\"audio\": \"allow\"", "\"file\": \"allow\"")]
    [TestCase("\"id\": \"a\", ", "")]
    [TestCase("\"id\": \"a\"", "\"id\": \"b\"")]
    [TestCase("\"priority\": 1", "\"priority\": 2")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"enabled\": false")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"parallel\": true")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"mode\": \"monitor\"")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"on_error\": \"allow\"")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"timeout_ms\": 1")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"locked\": true")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"roles\": [\"user\"]")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"kinds\": [\"key\"]")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"sources\": [\"body\"]")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"seams\": [\"chat\"]")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"message\": \"No.\"")]
    [TestCase("\"priority\": 1", "\"priority\": 1, \"status_code\": 451")]
    [TestCase("\"pre_request\", ", "")]
    [TestCase("\"mode\": \"head\", \"min_chars\": 9", "\"mode\": \"buffer\"")]
    [TestCase("\"min_chars\": 9", "\"min_chars\": 8")]
    [TestCase("\"Love\": 2", "\"Love\": 3")]
    [TestCase("{\"x\": 1}, {\"x\": 2}", "{\"x\": 2}, {\"x\": 1}")]
    [TestCase("\"path\": \"/a\"", "\"path\": \"/b\"")]
    [TestCase("\"methods\": [\"GET\"]", "\"methods\": []")]
    [TestCase("\"service_id\": \"s\"", "\"service_id\": \"t\"")]
    [TestCase("\"service_id\": \"s\"", "\"service_id\": \"s\", \"active\": false")]
    [TestCase("\"service_id\": \"s\"", "\"service_id\": \"s\", \"strip_path\": true")]
    [TestCase("\"groups\": [\"g\"]", "\"groups\": []")]
    [TestCase("\"refuse\"", "\"gateway_only\"")]
    [TestCase("\"X-U\"", "\"X-V\"")]
    [TestCase("\"identity\": {", "\"identity\": {\"group_claims\": [\"roles\"], ")]
    [TestCase("\"identity\": {", "\"allow_empty\": true, \"identity\": {")]
    public void Revision_OtherMeaning_IsAnother(string from, string to)
    {
        var changed = Whole.Replace(from, to, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(Whole));
        Assert.That(Revision(changed), Is.Not.EqualTo(Revision(Whole)));
    }

    [Test]
    public void Revision_ADefaultWrittenOut_IsTheSame() =>
        Assert.That(Revision(Whole.Replace("\"id\": \"a\"", "\"id\": \"a\", \"enabled\": true, \"timeout_ms\": 1234, \"mode\": \"enforce\"",
            StringComparison.Ordinal)), Is.EqualTo(Revision(Whole)));

    private static void Shuffle(JsonNode? node, Random random, StringBuilder json)
    {
        Space(random, json);
        switch (node)
        {
            case JsonObject members:
                json.Append('{');
                var ordered = members.ToArray();
                random.Shuffle(ordered);
                for (var i = 0; i < ordered.Length; i++)
                {
                    json.Append(i == 0 ? "" : ",");
                    Space(random, json);
                    json.Append(System.Text.Json.JsonSerializer.Serialize(ordered[i].Key)).Append(':');
                    Shuffle(ordered[i].Value, random, json);
                }

                Space(random, json);
                json.Append('}');
                break;
            case JsonArray items:
                json.Append('[');
                for (var i = 0; i < items.Count; i++)
                {
                    json.Append(i == 0 ? "" : ",");
                    Shuffle(items[i], random, json);
                }

                Space(random, json);
                json.Append(']');
                break;
            default:
                json.Append(node is null ? "null" : node.ToJsonString());
                break;
        }

        Space(random, json);
    }

    private static void Space(Random random, StringBuilder json)
    {
        for (var n = random.Next(3); n > 0; n--)
        {
            json.Append(" \t\r\n"[random.Next(4)]);
        }
    }
}
