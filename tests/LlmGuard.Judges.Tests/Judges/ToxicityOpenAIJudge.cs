using LlmGuard.FakeClouds.OpenAI;
using LlmGuard.Judges.Tests.Matrix;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Judges.Tests.Judges;

internal static class ToxicityOpenAIJudge
{
    public static JudgeDescriptor Descriptor { get; } = new()
    {
        Plugin = "toxicity_openai",
        Add = static builder => builder.AddToxicityOpenAI(),
        Fake = static () => new FakeOpenAIModerations(),
        Settings = static address => $$"""{ "api_key": "{{FakeOpenAIModerations.Key}}", "endpoint": "{{new Uri(address, "v1")}}" }""",
        Flagged = "please " + FakeOpenAIModerations.TriggerOf("violence"),
        Secrets = [FakeOpenAIModerations.Key],
        ErrorBody = static status =>
            $$$"""{"error":{"message":"vendor words {{{status}}}","type":"invalid_request_error","param":null,"code":null}}""",
        WrongType = static body => body.Replace("\"flagged\":false", "\"flagged\":\"no\"", StringComparison.Ordinal),
        MissingVerdict = static body => body.Replace("\"flagged\":false,", "", StringComparison.Ordinal),
        UnknownValue = static body => body.Replace("\"category_scores\":{", "\"category_scores\":{\"treason\":0.1,", StringComparison.Ordinal),
        EmptyResults = static _ => """{"id":"modr-1","model":"omni-moderation-latest","results":[]}""",
    };
}
