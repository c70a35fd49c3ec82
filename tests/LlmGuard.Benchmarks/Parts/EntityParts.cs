using BenchmarkDotNet.Attributes;
using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Cases;
using LlmGuard.Benchmarks.Policies;

namespace LlmGuard.Benchmarks.Parts;

/// <summary>data_masking with one entity at a time, on texts without a match: which detector costs what.</summary>
[MemoryDiagnoser]
public class EntityParts
{
    private readonly GuardedCallOptions _options = new();
    private Engine _engine = null!;
    private Rotation<GuardrailContent> _contents = null!;

    [Params("email", "credit_card", "iban", "phone_number", "ssn", "ip_address", "ip6_address", "mac_address", "uuid", "jwt_token", "api_key",
        "password", "access_token")]
    public string Entity { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        _engine = new Engine(BenchmarkPolicies.Mask(Entity));
        _contents = new Rotation<GuardrailContent>([.. ChatBodies.Clean(2048).Select(body => ChatText.Read(body).Content)]);
    }

    [GlobalCleanup]
    public async Task EndAsync() => await _engine.DisposeAsync();

    [Benchmark]
    public async Task<GuardrailDecision> EvaluateAsync() =>
        await _engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, _contents.Next(), _options);
}
