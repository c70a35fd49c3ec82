using System.Globalization;
using System.Text.Json.Nodes;
using LlmGuard.Tests;
using LlmGuard.Tests.JudgeWalks;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ExternalApi.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
public sealed class ExternalSettingWalkTests
{
    private const string Condition = """ "conditions": [{"field": "score", "operator": "gt", "value": 0.5}] """;

    private static readonly string[] More =
    [
        "", """, "protocol": "webhook", "signing": {"secret": "0123456789abcdef"} """,
            """, "reasons": ["bad"], "show_message": true, "actions": {"message": "no %s"} """,
        """, "statuses": [{"status": "418", "means": "block"}, {"status": "404", "means": "allow"}], "headers": {"X-Key": "k-0123456789"} """,
            """, "method": "PUT" """,
        $", {Condition}", $$""", "protocol": "custom", {{Condition}}, "cache": {"lifetime": "1m"} """,
        $$""", {{Condition}}, "method": "GET", "query_params": [{"name": "a", "value": "b"}], "max_text_bytes": 4096, "field_maps": [{"source": "/segments/0/text", "destination": "q", "in": "query"}] """,
        $$""", {{Condition}}, "field_maps": [{"source": "input", "destination": "text"}, {"source": "/identity/consumer", "destination": "X-Consumer", "in": "header"}] """,
        $$""", {{Condition}}, "body": {"who": "{{"{{/identity/consumer}}"}}", "model": "{{"{{/body/model}}"}}"} """,
        $$""", {{Condition}}, "body": {"texts": "{{"{{/segments}}"}}"} """,
        """, "conditions": [{"name": "clear", "field": "word", "operator": "eq", "value": "good", "action": "allow"}, {"field": "word", "operator": "eq", "value": "bad", "stop_flow": true, "message": "no"}] """,
        """, "conditions": [{"field": "word", "operator": "in", "value": ["bad", "worse"], "action": "flag"}, {"field": "$status", "operator": "gte", "value": 300}], "statuses": [{"status": "300", "means": "answer"}] """,
        """, "conditions": [{"field": "other", "operator": "eq", "value": "bad", "action": "mask"}], "masks": {"spans": "spans"} """,
        """, "masks": {"spans": "spans", "length": "length", "unit": "bytes", "mask_with": "[X]"}, "body": {"input": "{{/input}}"} """,
            """, "protocol": "custom", "masks": {"text": "masked"} """,
    ];

    private static readonly string[] Documents = [.. More.Select(static more => $$"""{"endpoint": "https://check.example/v1/check"{{more}}}""")];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var behaviour = new JudgeBehaviour(
            ExternalApiPlugin.Name,
            static b => b.AddExternalApi(),
            Answer,
            [
                .. from text in (string[])["score 0.4", "score 0.6", "score 0.9", "word good", "word bad", "word worse", "söme word bad", "word mute",
                    "söme status 404", "status 418", "status 300", "none", new string('a', 3000)]
                   select (Func<GuardrailCall>)(() => JudgeBehaviour.TextCall(text)),
                static () => JudgeBehaviour.Call(Many()),
            ]);
        var walk = new SettingWalk(behaviour.Plugin, behaviour.Of)
        {
            Values =
            {
                ["method"] = ["\"PUT\"", "\"PATCH\"", "\"GET\""],
                ["headers"] = ["""{"X-A": "1"}""", """{"X-A": "2", "X-B": "3"}""", "{}"],
                ["query_params"] = ["""[{"name": "a", "value": "1"}]""", """[{"name": "b", "value": "1"}]""", "[]"],
                ["secret"] = ["\"fedcba9876543210\"", "\"\""],
                ["body"] = ["""{"a": "{{/input}}"}""", """{"b": 1}""", "{}"],
                ["field_maps"] =
                    ["""[{"source": "/input", "destination": "x"}]""", """[{"source": "/body/model", "destination": "X-M", "in": "header"}]""", "[]"],
                ["source"] = ["\"/input\"", "\"/body/model\""],
                ["destination"] = ["\"other\"", "\"third\""],
                ["field"] = ["\"other\"", "\"word\"", "\"$status\""],
                ["value"] = ["0.1", "0.8", "200", "\"worse\"", """["good"]""", "true", "false"],
                ["message"] = ["\"never\"", "\"never %s\"", "\"\""],
                ["status_code"] = ["422", "451"],
                ["name"] = ["\"a-name\"", "\"b-name\""],
                ["status"] = ["\"404\"", "\"4xx\"", "\"300\""],
                ["reasons"] = ["""["worse"]""", """["bad", "worse"]""", "[]"],
                ["spans"] = ["\"more\""],
                ["text"] = ["\"masked2\"", "\"masked\""],
                ["start"] = ["\"begin\""],
                ["end"] = ["\"stop\""],
                ["length"] = ["\"size\"", "\"length\""],
                ["replacement"] = ["\"instead\""],
                ["mask_with"] = ["\"gone\"", "\"\""],
                ["max_text_bytes"] = ["256", "1024"],
                ["max_texts"] = ["1", "2"],
            },
            SaysWhatHolds = static (document, key, value) => (key, value) switch
            {
                // The word of the guide, beside the plugin's own; the name of what clears is for the reader; nothing tells this service to be out of
                // order.
                ("stop_flow", "false") => document.Contains("\"action\"", StringComparison.Ordinal),
                ("name", _) => document.Contains("\"clear\"", StringComparison.Ordinal),
                ("retries" or "lifetime", _) => document.Contains("\"who\"", StringComparison.Ordinal),
                ("protocol", "\"custom\"") => document.Contains("conditions", StringComparison.Ordinal),
                ("action", "\"block\"") => !document.Contains("\"stop_flow\": false", StringComparison.Ordinal),
                ("stop_flow", "true") => true,
                _ => false,
            },
        };
        foreach (var (key, values) in JudgeBehaviour.CommonValues)
        {
            walk.Values[key] = values;
        }

        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.GreaterThan(200));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static GuardrailContent Many()
    {
        var builder = new GuardrailContentBuilder();
        foreach (var text in (string[])["one", "two", "word bad", "four"])
        {
            builder.AddText(text, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        }

        return builder.Build();
    }

    // What it answers stands in what it is asked, be that a body or an address.
    private static (int Status, string Json) Answer(Uri address, string body)
    {
        var text = body + Uri.UnescapeDataString(address.Query);
        string? After(string word) => text.IndexOf(word + " ", StringComparison.Ordinal) is >= 0 and var at
            ? new string([.. text[(at + word.Length + 1)..].TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c == '.')]) : null;
        var said = After("word") ?? (text.Contains("number", StringComparison.Ordinal) ? "good" : "none");
        var status = int.Parse(After("status") ?? "200", CultureInfo.InvariantCulture);
        if (body.Contains("\"version\":1", StringComparison.Ordinal))
        {
            var webhook = new JsonObject
            {
                ["version"] = 1, ["action"] = said is "bad" or "worse" ? "block" : "allow", ["reason"] = said, ["message"] = said == "worse" ? null
                    : "the service says no",
            };
            return (status, webhook.ToJsonString());
        }

        var spans = new JsonArray(said == "none" ? []
            : [new JsonObject { ["start"] = 0, ["end"] = 2, ["length"] = 1, ["size"] = 4, ["begin"] = 1, ["stop"] = 3, ["instead"] = "#" }]);
        return (status, new JsonObject
        {
            ["score"] =
                double.Parse(After("score") ?? (body.Contains("\"who\"", StringComparison.Ordinal) ? "0.6" : "0"), CultureInfo.InvariantCulture),
            ["word"] = said == "none" ? null : said,
            ["other"] = said,
            ["spans"] = spans,
            ["more"] =
                new JsonArray(new JsonObject { ["start"] = 1, ["end"] = 3, ["length"] = 2, ["size"] = 1, ["begin"] = 0, ["stop"] = 1,
                ["instead"] = "##" }),
            ["masked"] = said == "bad" ? "word ***" : JsonNode.Parse(body.Length == 0 ? "{}" : body)?["input"]?.DeepClone(),
            ["masked2"] = "**" ,
        }.ToJsonString());
    }
}
