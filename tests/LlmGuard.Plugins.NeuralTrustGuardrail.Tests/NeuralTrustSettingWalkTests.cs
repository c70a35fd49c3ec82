using System.Globalization;
using System.Text.Json.Nodes;
using LlmGuard.Tests;
using LlmGuard.Tests.JudgeWalks;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
public sealed class NeuralTrustSettingWalkTests
{
    private const string Collector =
        """ "api": "evaluate", "client_id": "c-1", "client_secret": "s-0123456789", "collector_id": "6b1f5d3c-2a77-4b52-9b1c-0a3d5e7f9011", "gateway_id": "g-1" """;

    private static readonly string[] Checks =
    [
        """ "jailbreak": {} """, """ "toxicity": {"threshold": 0.3}, "jailbreak": {"enabled": false} """,
            """ "toxicity": {"enabled": true}, "jailbreak": {"enabled": true, "threshold": 0.8} """,
        """ "moderation": {"topics": ["tax", "war"], "deny_topic_action": "block"} """,
            """ "moderation": {"topics": ["tax", "war"], "threshold": 0.8, "thresholds": {"tax": 0.3}} """,
        """ "moderation": {"topics": ["tax"], "thresholds": {"tax": 0.3}} """,
    ];

    private static readonly string[] Documents =
    [
        .. from checks in Checks
           from credential in (string[])
           [
               """ "endpoint": "https://nt.example", "token": "t-0123456789" """,
                   """ "credentials": {"base_url": "https://nt.example", "token": "t-0123456789"} """,
               """ "endpoint": "https://nt.example", "signing_key": "0123456789abcdef0123456789abcdef", "actions": {"message": "no %s"}, "cache": {"lifetime": "1m"} """,
           ]
           select $"{{{credential}, {checks}}}",
        .. from api in (string[])[""" "api": "guard", "token": "t-0123456789" """, """ "api": "guard_legacy", "token": "t-0123456789" """, Collector]
           from more in (string[])["", """, "attachments": false, "session_id_header": "X-Session" """,
               """, "actions": {"message": "no %s"}, "cache": {"lifetime": "1m"} """]
           select $$"""{"endpoint": "https://nt.example", {{api}}{{more}}}""",
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var behaviour = new JudgeBehaviour(
            NeuralTrustGuardrailPlugin.Name,
            static b => b.AddNeuralTrustGuardrail(),
            Answer,
            [
                .. from text in (string[])["score 0.25", "score 0.4", "score 0.6", "score 0.85", "score 0.95", "unsafe"]
                   select (Func<GuardrailCall>)(() => JudgeBehaviour.TextCall(text)),
                static () => JudgeBehaviour.ImageCall("look"),
            ]);
        var walk = new SettingWalk(behaviour.Plugin, behaviour.Of)
        {
            Values =
            {
                ["token"] = ["\"t-another\"", "\"t-third\"", "\"\""],
                ["signing_key"] = ["\"abcdef0123456789abcdef0123456789\"", "\"\""],
                ["client_id"] = ["\"c-2\"", "\"c-3\"", "\"\""],
                ["client_secret"] = ["\"s-another\"", "\"s-third\"", "\"\""],
                ["collector_id"] = ["\"6b1f5d3c-2a77-4b52-9b1c-0a3d5e7f9012\"", "\"6b1f5d3c-2a77-4b52-9b1c-0a3d5e7f9013\""],
                ["gateway_id"] = ["\"g-2\"", "\"g-3\"", "\"\""],
                ["base_url"] = ["\"https://a.example\"", "\"https://b.example\""],
                ["session_id_header"] = ["\"X-Tenant\"", "\"X-Session\""],
                ["threshold"] = ["0.2", "0.7", "0.9"],
                ["topics"] = ["""["tax"]""", """["sport", "tax"]""", "[]"],
                ["thresholds"] = ["""{"tax": 0.9}""", """{"tax": 0.9, "war": 0.2}""", "{}"],
                ["message"] = ["\"never\"", "\"never %s\"", "\"\""],
            },

            // What checks nothing tells nothing of how.
            SaysWhatHolds = static (document, key, value) =>
                (key == "attachments" && value == (document.Contains("\"api\"", StringComparison.Ordinal) ? "true" : "false"))
                || (key == "enabled" && value == "true"),
        };
        foreach (var (key, values) in JudgeBehaviour.CommonValues)
        {
            walk.Values[key] = values;
        }

        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.GreaterThan(300));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static (int Status, string Json) Answer(Uri address, string body)
    {
        var asked = JsonNode.Parse(body)!.AsObject();
        switch (address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..])
        {
            case "token":
                var token = string.Join('-', "token", asked["client_id"], asked["client_secret"], asked["collector_id"], asked["gateway_id"]);
                return (200, new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = 3600 }.ToJsonString());
            case "jailbreak":
                return (200,
                    new JsonArray(new JsonObject { ["category_scores"] = new JsonObject { ["malicious_prompt"] = ScoreOf(asked) } }).ToJsonString());
            case "toxicity":
                return (200, new JsonArray(new JsonObject { ["categories"] = new JsonObject { ["toxic_prompt"] = ScoreOf(asked) } }).ToJsonString());
            case "prompt-moderation":
                return (200, new JsonArray(new JsonObject
                {
                    ["is_blocked"] = false,
                    ["topic_scores"] = new JsonObject(asked["topics"]!.AsArray().Select(t =>
                        KeyValuePair.Create((string)t!, (JsonNode?)new JsonObject { ["probability"] = ScoreOf(asked), ["blocked"] = false }))),
                }).ToJsonString());
            default:
                var isUnsafe = body.Contains("unsafe", StringComparison.Ordinal);
                return (200, new JsonObject { ["status"] = isUnsafe ? "block" : "allow", ["is_flagged"] = isUnsafe }.ToJsonString());
        }
    }

    private static double ScoreOf(JsonObject asked)
    {
        var words = ((string)asked["input"]![0]!).Split(' ');
        return Array.IndexOf(words, "score") is >= 0 and var at ? double.Parse(words[at + 1], CultureInfo.InvariantCulture) : 0.1;
    }
}
