using LlmGuard.FakeClouds.NeuralTrust;
using LlmGuard.Judges.Tests.Matrix;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Judges.Tests.Judges;

internal static class NeuralTrustJudge
{
    public static JudgeDescriptor Descriptor { get; } = new()
    {
        Plugin = "neuraltrust_guardrail",
        Add = static builder => builder.AddNeuralTrustGuardrail(),
        Fake = static () => new FakeNeuralTrust(),
        Settings = static address => $$"""{ "token": "{{FakeNeuralTrust.Token}}", "endpoint": "{{address}}", "jailbreak": { "threshold": 0.8 } }""",
        Flagged = "please " + FakeNeuralTrust.Jailbreak,
        Secrets = [FakeNeuralTrust.Token],
        ErrorBody = static status => $$"""{"error":"vendor words {{status}}","trace_id":"t","request_id":"r"}""",
        WrongType = static body => body.Replace("0.02", "\"0.02\"", StringComparison.Ordinal),
        MissingVerdict = static body => body.Replace("malicious_prompt", "something_else", StringComparison.Ordinal),
        UnknownValue = static body => body.Replace("0.02", "1.02", StringComparison.Ordinal),
        EmptyResults = static _ => "[]",
    };
}
