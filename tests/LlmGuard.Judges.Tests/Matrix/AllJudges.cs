using LlmGuard.Judges.Tests.Judges;

namespace LlmGuard.Judges.Tests.Matrix;

/// <summary>The judges there are.</summary>
internal static class AllJudges
{
    public static IReadOnlyList<JudgeDescriptor> Descriptors { get; } =
    [
        ToxicityOpenAIJudge.Descriptor,
        ExternalApiJudge.Descriptor,
    ];
}
