using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LlmGuard.Caching;

/// <summary>
/// Random numbers, one for each stage, that an evaluator has once in the life of the process. An evaluator belongs to one entry with one set of
/// settings and secrets and is kept by reloads that change none of them, so its numbers stand for what a result depends on besides the text.
/// </summary>
internal sealed class EvaluatorKeys
{
    private const int Stages = (int)GuardrailStage.PostResponse + 1;

    private static readonly ConditionalWeakTable<IGuardrailEvaluator, EvaluatorKeys> Known = [];

    private readonly UInt128[] _ofStages = new UInt128[Stages];

    private EvaluatorKeys() => RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_ofStages.AsSpan()));

    /// <summary>The number for a stage. Never leaves the process.</summary>
    public UInt128 this[GuardrailStage stage] => _ofStages[(int)stage];

    /// <summary>The numbers of an evaluator.</summary>
    public static EvaluatorKeys Of(IGuardrailEvaluator evaluator) => Known.GetValue(evaluator, static _ => new EvaluatorKeys());
}
