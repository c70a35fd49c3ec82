using LlmGuard.FakeClouds.Bedrock;
using LlmGuard.Judges.Tests.Matrix;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Judges.Tests.Judges;

internal static class BedrockGuardrailJudge
{
    public static JudgeDescriptor Descriptor { get; } = new()
    {
        Plugin = "bedrock_guardrail",
        Add = static builder => builder.AddBedrockGuardrail(),
        Fake = static () => new FakeBedrockRuntime(),
        Settings = static address => $$"""
            {
              "guardrail_id": "{{FakeBedrockRuntime.GuardrailId}}",
              "endpoint": "{{address}}",
              "credentials": { "aws_access_key": "{{FakeBedrockRuntime.Static.AccessKey}}", "aws_secret_key": "{{FakeBedrockRuntime.Static.SecretKey}}", "aws_region": "{{FakeBedrockRuntime.Region}}" }
            }
            """,
        Flagged = "please " + FakeGuardrail.TriggerOf("VIOLENCE"),
        Secrets = [FakeBedrockRuntime.Static.AccessKey, FakeBedrockRuntime.Static.SecretKey, FakeGuardrail.BlockedMessage],
        ErrorBody = static status => $$"""{"message":"vendor words {{status}}"}""",
        WrongType = static body => body.Replace("\"action\":\"NONE\",\"outputs\"", "\"action\":true,\"outputs\"", StringComparison.Ordinal),
        MissingVerdict = static body => body.Replace("\"action\":\"NONE\",\"outputs\"", "\"outputs\"", StringComparison.Ordinal),
        UnknownValue = static body => body.Replace("\"action\":\"NONE\",\"outputs\"", "\"action\":\"REJECT\",\"outputs\"", StringComparison.Ordinal),
    };
}
