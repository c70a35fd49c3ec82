using LlmGuard.FakeClouds.External;
using LlmGuard.Judges.Tests.Matrix;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Judges.Tests.Judges;

/// <summary>The webhook protocol; what templates and conditions do with the same faults is tested with the plugin.</summary>
internal static class ExternalApiJudge
{
    public static JudgeDescriptor Descriptor { get; } = new()
    {
        Plugin = "external_api",
        Add = static builder => builder.AddExternalApi(),
        Fake = static () => new FakeExternalApi(),
        Settings = static address => $$"""
            {
              "endpoint": "{{new Uri(address, "guardrail")}}",
              "headers": { "Authorization": "Bearer {{FakeExternalApi.Token}}" },
              "signing": { "secret": "{{FakeExternalApi.SigningKey}}" }
            }
            """,
        Flagged = "please " + FakeExternalApi.Blocked,
        Secrets = [FakeExternalApi.Token, FakeExternalApi.SigningKey],
        ErrorBody = static status => $$"""{"error":"vendor words {{status}}"}""",
        WrongType = static body => body.Replace("\"action\":\"allow\"", "\"action\":true", StringComparison.Ordinal),
        MissingVerdict = static body => body.Replace(",\"action\":\"allow\"", "", StringComparison.Ordinal),
        UnknownValue = static body => body.Replace("\"action\":\"allow\"", "\"action\":\"permit\"", StringComparison.Ordinal),
    };
}
