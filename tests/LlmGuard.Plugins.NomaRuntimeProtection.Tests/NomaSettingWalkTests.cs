using System.Text.Json.Nodes;
using LlmGuard.Tests;
using LlmGuard.Tests.JudgeWalks;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
public sealed class NomaSettingWalkTests
{
    private static readonly string[] Documents =
    [
        .. from protocol in (string[])["", """, "protocol": "v1_aggregate" """, """, "protocol": "litellm_guardrail" """]
           from credential in (string[])[""" "api_key": "k-0123456789" """, """ "client_id": "c-1", "client_secret": "s-0123456789" """]
           from more in (string[])
           [
               "", """, "anonymize_input": true, "application_id": "shop" """, """, "tool_traffic": false, "application_id_header": "X-Tenant" """,
               """, "cache": {"lifetime": "1m"} """, """, "actions": {"message": "no %s"}, "endpoint": "https://eu.example/" """,
           ]
           select $"{{{credential}{protocol}{more}}}",
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var behaviour = new JudgeBehaviour(
            NomaRuntimeProtectionPlugin.Name,
            static b => b.AddNomaRuntimeProtection(),
            Answer,
            [
                .. from text in (string[])["unsafe", "mail jane@x.example", "fine"] select (Func<GuardrailCall>)(() => JudgeBehaviour.TextCall(text)),
                static () => JudgeBehaviour.TextCall("unsafe", GuardrailStage.PreResponse), static () => JudgeBehaviour.ImageCall("look"),
                static () => JudgeBehaviour.Call(GuardrailContent.FromText("what the tool says", SegmentRole.Tool)),
            ]);
        var walk = new SettingWalk(behaviour.Plugin, behaviour.Of)
        {
            Values =
            {
                ["api_key"] = ["\"k-another\"", "\"k-third\"", "\"\""],
                ["client_id"] = ["\"c-2\"", "\"c-3\"", "\"\""],
                ["client_secret"] = ["\"s-another\"", "\"s-third\"", "\"\""],
                ["token_url"] = ["\"https://t.example/a\"", "\"https://t.example/b\""],
                ["application_id"] = ["\"bank\"", "\"school\""],
                ["application_id_header"] = ["\"X-Tenant\"", "\"X-Session\""],
                ["session_id_header"] = ["\"X-Tenant\"", "\"X-Session\""],
                ["message"] = ["\"never\"", "\"never %s\"", "\"\""],
            },
            SaysWhatHolds = static (document, key, value) =>
                key == "images" && value == (document.Contains("v1_aggregate", StringComparison.Ordinal) ? "false" : "true"),
        };
        foreach (var (key, values) in JudgeBehaviour.CommonValues)
        {
            walk.Values[key] = values;
        }

        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.GreaterThan(400));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static (int Status, string Json) Answer(Uri address, string body)
    {
        var asked = JsonNode.Parse(body)!.AsObject();
        if (asked["clientId"] is { } client)
        {
            return (200,
                new JsonObject { ["accessToken"] = $"token-of-{client}-{asked["secret"]}-at-{address.Host}-{address.AbsolutePath.Trim('/')}",
                ["expiresIn"] = 3600 }.ToJsonString());
        }

        var isUnsafe = body.Contains("unsafe", StringComparison.Ordinal);
        var isMail = body.Contains("jane@", StringComparison.Ordinal);
        JsonObject Detectors() => new()
        {
            ["harmfulContent"] = new JsonObject { ["result"] = isUnsafe },
            ["sensitiveData"] = new JsonObject { ["email"] = new JsonObject { ["result"] = isMail } },
            ["anonymizedContent"] = isMail ? new JsonObject { ["anonymized"] = "mail **************" } : null,
        };
        if (asked["inputs"] is { } inputs)
        {
            return (200, new JsonObject
            {
                ["action"] = isUnsafe ? "BLOCKED" : isMail ? "GUARDRAIL_INTERVENED" : "NONE",
                ["texts"] =
                    new JsonArray(
                    [.. inputs["texts"]!.AsArray().Select(t => (JsonNode)((string?)t)!.Replace("jane@x.example", "***", StringComparison.Ordinal))]),
            }.ToJsonString());
        }

        var answer = asked["input"] is { } items
            ? new JsonObject
            {
                ["aggregatedScanResult"] = isUnsafe || isMail,
                ["scanResult"] =
                    new JsonArray([.. items.AsArray().Select(i => new JsonObject { ["role"] = (string?)i!["role"], ["results"] = Detectors() })]),
            }
            : new JsonObject
            {
                ["verdict"] = !(isUnsafe || isMail), ["originalResponse"] =
                    new JsonObject { [asked["response"] is null ? "prompt" : "response"] = Detectors() },
            };
        return (200, answer.ToJsonString());
    }
}
