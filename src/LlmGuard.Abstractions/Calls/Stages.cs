namespace LlmGuard;

/// <summary>The stages that a caller may name.</summary>
internal static class Stages
{
    /// <summary>Sees to it that a stage is one of the four: an enumeration takes any number.</summary>
    /// <param name="stage">The stage.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stage.</exception>
    public static void ThrowIfUndefined(GuardrailStage stage)
    {
        if ((uint)stage > (uint)GuardrailStage.PostResponse)
        {
            Throw(stage);
        }
    }

    private static void Throw(GuardrailStage stage) => throw new ArgumentOutOfRangeException(
        nameof(stage), stage, $"There is no such stage. The stages are {string.Join(", ", Enum.GetNames<GuardrailStage>())}.");
}
