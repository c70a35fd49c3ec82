using LlmGuard.FakeClouds.Azure;
using LlmGuard.Judges.Tests.Matrix;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Judges.Tests.Judges;

internal static class ToxicityAzureJudge
{
    public static JudgeDescriptor Descriptor { get; } = new()
    {
        Plugin = "toxicity_azure",
        Add = static builder => builder.AddToxicityAzure(),
        Fake = static () => new FakeAzureContentSafety(),
        Settings = static address => $$"""{ "api_key": "{{FakeAzureContentSafety.Key}}", "endpoint": "{{address}}" }""",
        Flagged = "please " + FakeAzureContentSafety.TriggerOf("Violence"),
        Secrets = [FakeAzureContentSafety.Key],
        ErrorBody = static status =>
            $$$"""{"error":{"code":"{{{status}}}","message":"vendor words {{{status}}}","innererror":{"code":"vendor words"} } }""",
        WrongType = static body => body.Replace("\"severity\":0", "\"severity\":\"0\"", StringComparison.Ordinal),
        MissingVerdict = static body => body.Replace(",\"severity\":0", "", StringComparison.Ordinal),
        UnknownValue = static body =>
            body.Replace("\"categoriesAnalysis\":[", "\"categoriesAnalysis\":[{\"category\":\"Treason\",\"severity\":6},", StringComparison.Ordinal),
        EmptyResults = static _ => """{"blocklistsMatch":[],"categoriesAnalysis":[]}""",
    };
}
