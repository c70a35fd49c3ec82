using BenchmarkDotNet.Attributes;
using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Cases;
using LlmGuard.Benchmarks.Policies;

namespace LlmGuard.Benchmarks.Parts;

/// <summary>The engine around plugins that do nothing, and the plugins on content that has been read.</summary>
[MemoryDiagnoser]
public class EngineParts
{
    private readonly GuardedCallOptions _options = new();
    private Engine _engine = null!;
    private Rotation<GuardrailContent> _contents = null!;

    [Params("none", "nothing", "data_masking", "example")]
    public string Policy { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        _engine = new Engine(Policy switch
        {
            "none" => BenchmarkPolicies.Empty,
            "nothing" => BenchmarkPolicies.Nothing(1, NothingPlugin.Name),
            "data_masking" => BenchmarkPolicies.MaskAll,
            _ => BenchmarkPolicies.Example,
        });
        _contents = new Rotation<GuardrailContent>([.. ChatBodies.Clean(2048).Select(body => ChatText.Read(body).Content)]);
    }

    [GlobalCleanup]
    public async Task EndAsync() => await _engine.DisposeAsync();

    [Benchmark]
    public async Task<GuardrailDecision> EvaluateAsync() =>
        await _engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, _contents.Next(), _options);
}
