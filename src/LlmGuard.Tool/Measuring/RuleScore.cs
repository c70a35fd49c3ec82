namespace LlmGuard.Tool.Measuring;

/// <summary>What one rule did in a file.</summary>
/// <param name="TruePositives">Positive rows it fired on.</param>
/// <param name="FalsePositives">Negative rows it fired on.</param>
/// <param name="Findings">Its findings in all rows, unlabelled ones too.</param>
internal readonly record struct RuleScore(long TruePositives, long FalsePositives, long Findings)
{
    /// <summary>The rule alone against all labelled rows of a file.</summary>
    public Confusion Against(Confusion rows) => new(
        TruePositives,
        FalsePositives,
        rows.TruePositives + rows.FalseNegatives - TruePositives,
        rows.FalsePositives + rows.TrueNegatives - FalsePositives);

    public static RuleScore operator +(RuleScore left, RuleScore right) =>
        new(left.TruePositives + right.TruePositives, left.FalsePositives + right.FalsePositives, left.Findings + right.Findings);
}
