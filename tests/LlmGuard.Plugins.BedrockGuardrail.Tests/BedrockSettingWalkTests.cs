using System.Text.Json.Nodes;
using Amazon.Runtime;
using LlmGuard.Tests;
using LlmGuard.Tests.JudgeWalks;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
public sealed class BedrockSettingWalkTests
{
    private const string Keys = """ "aws_access_key": "AKIA0123456789ABCDEF", "aws_secret_key": "secret-0123456789", "aws_region": "eu-west-1" """;

    private static readonly string[] Credentials =
    [
        Keys, """ "api_key": "bedrock-0123456789", "aws_region": "us-east-1" """, """ "use_default_chain": true, "aws_region": "eu-west-1" """,
        """ "use_role": true, "role_arn": "arn:aws:iam::123456789012:role/guard", "aws_region": "eu-west-1" """,
    ];

    private static readonly string[] More =
    [
        """ "guardrail_id": "abc123" """, """ "guardrail_id": "abc123", "version": "3", "pii_action": "anonymize" """,
        """ "guardrail_id": "abc123", "grounding": {} """,
            """ "guardrail_id": "abc123", "grounding": {"required": true, "sources": ["message"]}, "images": true """,
        """ "guardrail_id": "abc123", "actions": {"message": "no %s"}, "cache": {"lifetime": "1m"} """,
        """ "checks": {"content_filter": {"HATE": 0.5}} """, """ "checks": {"prompt_attack": {"JAILBREAK": 0.5}, "sensitive_information": {}} """,
        """ "checks": {"sensitive_information": {"entities": ["EMAIL", "PHONE"]}}, "pii_action": "anonymize" """,
    ];

    private static readonly string[] Documents =
    [
        .. from credentials in Credentials
           from more in More
           where credentials == Keys || more == More[0] || more == More[5]
           select $$"""{"credentials": {{{credentials}}}, {{more}}}""",
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var behaviour = new JudgeBehaviour(
            BedrockGuardrailPlugin.Name,
            static b =>
            {
                b.Services.AddSingleton<IBedrockCredentialProvider>(new Provider());
                b.AddBedrockGuardrail();
            },
            Answer,
            [
                .. from text in (string[])["score 0.2", "score 0.4", "score 0.7", "mail jane@x.example", "long " + new string('a', 1500), "denied"]
                   select (Func<GuardrailCall>)(() => JudgeBehaviour.TextCall(text)),
                static () => JudgeBehaviour.ImageCall("look"),
                static () => JudgeBehaviour.Call(Text("an answer", SegmentRole.Assistant), GuardrailStage.PreResponse, Request(true)),
                static () => JudgeBehaviour.Call(Text("an answer", SegmentRole.Assistant), GuardrailStage.PreResponse, Request(false)),
            ]);
        var walk = new SettingWalk(behaviour.Plugin, behaviour.Of)
        {
            Values =
            {
                ["guardrail_id"] = ["\"def456\"", "\"arn:aws:bedrock:eu-west-1:123456789012:guardrail/abc\""],
                ["version"] = ["\"DRAFT\"", "\"7\""],
                ["aws_access_key"] = ["\"AKIA0123456789OTHERS\"", "\"\""],
                ["aws_secret_key"] = ["\"another-0123456789\"", "\"\""],
                ["aws_session_token"] = ["\"token-0123456789\"", "\"token-another\""],
                ["aws_region"] = ["\"eu-west-2\"", "\"us-west-2\""],
                ["api_key"] = ["\"bedrock-another\"", "\"\""],
                ["role_arn"] = ["\"arn:aws:iam::123456789012:role/a\"", "\"arn:aws:iam::123456789012:role/b\""],
                ["session_name"] = ["\"a-session\"", "\"b-session\"", "\"\""],
                ["external_id"] = ["\"x-1\"", "\"x-2\""],
                ["sources"] = ["""["document"]""", """["message", "tool_result"]""", "[]"],
                ["content_filter"] = ["""{"HATE": 0.1}""", """{"HATE": 0.3, "INSULTS": 0.9}""", "{}"],
                ["prompt_attack"] = ["""{"JAILBREAK": 0.1}""", """{"PROMPT_LEAKAGE": 0.3}""", "{}"],
                ["entities"] = ["""["EMAIL"]""", """["PHONE"]""", "[]"],
                ["min_confidence"] = ["0.1", "0.95"],
                ["max_text_units"] = ["1", "2"],
                ["message"] = ["\"never\"", "\"never %s\"", "\"\""],
            },

            // The guide's default is the empty text; a role is taken on by the process where no keys are given.
            SaysWhatHolds = static (document, key, value) => (key == "session_name" && value == "\"\"")
                || (key == "use_default_chain" && value == "true" && document.Contains("\"use_role\": true", StringComparison.Ordinal)),
        };
        foreach (var (key, values) in JudgeBehaviour.CommonValues)
        {
            walk.Values[key] = values;
        }

        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.GreaterThan(300));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static GuardrailContent Text(string text, SegmentRole role) => GuardrailContent.FromText(text, role);

    private static GuardrailContent Request(bool hasSources)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("what is it", new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        if (hasSources)
        {
            builder.AddText("the system says", new SegmentInfo { Role = SegmentRole.System, Kind = SegmentKind.Message });
            builder.AddText("the document says", new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Document });
            builder.AddText("the tool says", new SegmentInfo { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult });
        }

        return builder.Build();
    }

    private static (int Status, string Json) Answer(Uri address, string body)
    {
        var asked = JsonNode.Parse(body)!.AsObject();
        var at = body.IndexOf("score 0.", StringComparison.Ordinal);
        var score = at < 0 ? 0 : (body[at + 8] - '0') / 10.0;
        var isMail = body.Contains("jane@", StringComparison.Ordinal);
        var answer = new JsonObject { ["usage"] = new JsonObject { ["contextualGroundingPolicyUnits"] = 1 } };
        if (asked["checks"] is not JsonObject checks)
        {
            var isDenied = body.Contains("denied", StringComparison.Ordinal);
            answer["action"] = isDenied || isMail ? "GUARDRAIL_INTERVENED" : "NONE";
            answer["outputs"] = new JsonArray(isMail ? [new JsonObject { ["text"] = "mail {EMAIL}" }] : []);
            answer["assessments"] = new JsonArray(new JsonObject
            {
                ["topicPolicy"] = isDenied
                    ? new JsonObject { ["topics"] = new JsonArray(new JsonObject { ["name"] = "n", ["type"] = "DENY", ["action"] = "BLOCKED" }) }
                    : null,
                ["sensitiveInformationPolicy"] = !isMail ? null : new JsonObject
                {
                    ["piiEntities"] = new JsonArray(new JsonObject { ["type"] = "EMAIL", ["match"] = "jane@x.example", ["action"] = "ANONYMIZED" }),
                    ["regexes"] = new JsonArray(),
                },
            });
            return (200, answer.ToJsonString());
        }

        JsonObject Scores(string check) => new()
        {
            ["results"] =
                new JsonArray(
                [.. checks[check]!["categories"]!.AsArray().Select(c =>
                new JsonObject { ["category"] = (string?)c!["category"], ["severityScore"] = score })]),
        };
        var results = new JsonObject();
        foreach (var check in checks.Select(static c => c.Key))
        {
            results[check] = check != "sensitiveInformation" ? Scores(check) : new JsonObject
            {
                ["results"] = new JsonArray(!isMail ? [] : [new JsonObject
                {
                    ["type"] = "EMAIL", ["confidenceScore"] = 0.9, ["beginOffset"] = 5, ["endOffset"] = 19, ["messageIndex"] = 0, ["contentIndex"] =
                        0,
                }]),
            };
        }

        answer["results"] = results;
        return (200, answer.ToJsonString());
    }

    private sealed class Provider : IBedrockCredentialProvider
    {
        public AWSCredentials GetDefault() => new BasicAWSCredentials("AKIADEFAULT", "default");

        public AWSCredentials AssumeRole(AWSCredentials source, BedrockRole role) =>
            new SessionAWSCredentials("AKIA" + role.Arn, $"{role.ExternalId}-secret", $"{source.GetCredentials().AccessKey}-{role.SessionName}");
    }
}
