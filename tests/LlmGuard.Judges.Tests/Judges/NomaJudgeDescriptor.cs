using LlmGuard.FakeClouds.Noma;
using LlmGuard.Judges.Tests.Matrix;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Judges.Tests.Judges;

internal static class NomaJudgeDescriptor
{
    public static JudgeDescriptor Descriptor { get; } = new()
    {
        Plugin = "noma_runtime_protection",
        Add = static builder => builder.AddNomaRuntimeProtection(),
        Fake = static () => new FakeNoma(),
        Settings = static address => $$"""{ "api_key": "{{FakeNoma.Key}}", "endpoint": "{{address}}" }""",
        Flagged = "please " + FakeNoma.Unsafe,
        Secrets = [FakeNoma.Key],
        ErrorBody = static status => $$"""{"message":"vendor words {{status}}"}""",
        WrongType = static body => body.Replace("\"aggregatedScanResult\":false", "\"aggregatedScanResult\":\"no\"", StringComparison.Ordinal),
        MissingVerdict = static _ => """{"scanResult":[]}""",
        UnknownValue = static body => body.Replace("\"aggregatedAction\":\"allow\"", "\"aggregatedAction\":\"quarantine\"", StringComparison.Ordinal),
    };
}
