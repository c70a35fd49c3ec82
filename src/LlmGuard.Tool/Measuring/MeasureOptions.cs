namespace LlmGuard.Tool.Measuring;

/// <summary>What the measurement compares.</summary>
internal sealed record MeasureOptions
{
    /// <summary>The least action that counts as found.</summary>
    public required GuardrailAction Positive { get; init; }

    public required TypeMap Types { get; init; }

    /// <summary>Whether reports may quote the texts.</summary>
    public bool IncludeTexts { get; init; }
}
