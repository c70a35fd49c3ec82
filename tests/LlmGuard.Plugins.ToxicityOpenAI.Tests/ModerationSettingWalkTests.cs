using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.Tests;
using LlmGuard.Tests.JudgeWalks;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ToxicityOpenAI.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
public sealed class ModerationSettingWalkTests
{
    private static readonly string[] Documents =
    [
        .. from key in (string[])["api_key", "openai_key"]
           from more in (string[])
           [
               "", """, "thresholds": {"hate": 0.5} """, """, "thresholds": {"hate": 0.5, "violence": 0.9}, "block_on_flagged": true """,
               """, "categories": ["hate", "violence"] """,
                   """, "categories": ["hate"], "thresholds": {"hate": 0.2}, "model": "text-moderation-latest" """,
               """, "actions": {"type": "block", "message": "no %s"} """, """, "actions": {"type": "flag"}, "cache": {"lifetime": "1m"} """,
               """, "endpoint": "https://eu.example/v1", "images": false, "key_header": "api-key", "api_version": "2024-10-21" """,
           ]
           select $$"""{"{{key}}": "sk-0123456789"{{more}}}""",
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var behaviour = new JudgeBehaviour(
            ToxicityOpenAIPlugin.Name,
            static b => b.AddToxicityOpenAI(),
            Answer,
            [
                .. from text in (string[])["flagged", "novel", "lacks", "hate 0.15", "hate 0.3", "hate 0.6", "violence 0.95",
                    "hate 0.95 violence 0.6"]
                   select (Func<GuardrailCall>)(() => JudgeBehaviour.TextCall(text)),
                static () => JudgeBehaviour.ImageCall("look"),
            ]);
        var walk = new SettingWalk(behaviour.Plugin, behaviour.Of)
        {
            Values =
            {
                ["api_key"] = ["\"sk-another\"", "\"sk-third\"", "\"\""],
                ["openai_key"] = ["\"sk-another\"", "\"sk-third\"", "\"\""],
                ["key_header"] = ["\"x-key\"", "\"x-other\""],
                ["api_version"] = ["\"v1\"", "\"v2\""],
                ["model"] = ["\"omni-moderation-2\"", "\"text-moderation-stable\""],
                ["thresholds"] = ["""{"hate": 0.1}""", """{"violence": 0.5}""", """{"hate": 0.9, "violence": 0.9}""", "{}"],
                ["categories"] = ["""["hate"]""", """["violence", "hate"]""", "[]"],
                ["message"] = ["\"never\"", "\"never %s\"", "\"\""],
            },
            SaysWhatHolds = static (document, key, value) =>
                (key == "type" && value is "\"block\"" or "\"reject\"" && !document.Contains("\"flag\"", StringComparison.Ordinal))
                || (key == "block_on_flagged" && value == (document.Contains("thresholds", StringComparison.Ordinal) ? "false" : "true"))
                || (key == "images" && value == (document.Contains("text-moderation", StringComparison.Ordinal) ? "false" : "true")),
        };
        foreach (var (key, values) in JudgeBehaviour.CommonValues)
        {
            walk.Values[key] = values;
        }

        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.GreaterThan(200));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    // Scores stand in the text: "hate 0.6".
    private static (int Status, string Json) Answer(Uri address, string body)
    {
        var results = new JsonArray();
        foreach (var input in JsonNode.Parse(body)!["input"] switch { JsonArray list => list, var only => [only!.DeepClone()] })
        {
            var isImage = input is JsonObject && (string?)input["type"] == "image_url";
            var words = (input is JsonValue ? (string)input! : (string?)input!["text"] ?? "").Split(' ');
            var (flags, scores, types) = (new JsonObject(), new JsonObject(), new JsonObject());
            foreach (var category in ModerationCategories.Always.Where(c => c != "violence" || !words.Contains("lacks"))
                .Concat(words.Contains("novel") ? ["novelty"] : []))
            {
                var at = Array.IndexOf(words, category);
                var score = at < 0 ? 0.01 : JsonSerializer.Deserialize<double>(words[at + 1]);
                (flags[category], scores[category]) = (score > 0.7, score);
                types[category] = new JsonArray(isImage ? "image" : "text");
            }

            results.Add(new JsonObject
            {
                ["flagged"] = words.Contains("flagged"), ["categories"] = flags, ["category_scores"] = scores, ["category_applied_input_types"] =
                    types,
            });
        }

        return (200, new JsonObject { ["results"] = results }.ToJsonString());
    }
}
