using LlmGuard.Judges.Tests.Judges;

namespace LlmGuard.Judges.Tests.Matrix;

/// <summary>The judges there are.</summary>
internal static class AllJudges
{
    public static IReadOnlyList<JudgeDescriptor> Descriptors { get; } =
    [
        BedrockGuardrailJudge.Descriptor,
        ToxicityAzureJudge.Descriptor,
        NeuralTrustJudge.Descriptor,
        NomaJudgeDescriptor.Descriptor,
        ToxicityOpenAIJudge.Descriptor,
        ExternalApiJudge.Descriptor,
    ];
}
