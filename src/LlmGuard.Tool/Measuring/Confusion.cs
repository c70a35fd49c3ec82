namespace LlmGuard.Tool.Measuring;

/// <summary>How often something was found where it was, and where it was not.</summary>
internal readonly record struct Confusion(long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    public double? Precision => Rates.Of(TruePositives, TruePositives + FalsePositives);

    public double? Recall => Rates.Of(TruePositives, TruePositives + FalseNegatives);

    public double? F1 => Rates.F1(Precision, Recall);

    public double? FalsePositiveRate => Rates.Of(FalsePositives, FalsePositives + TrueNegatives);

    public Confusion With(bool isPositive, bool isPredicted) => (isPositive, isPredicted) switch
    {
        (true, true) => this with { TruePositives = TruePositives + 1 },
        (true, false) => this with { FalseNegatives = FalseNegatives + 1 },
        (false, true) => this with { FalsePositives = FalsePositives + 1 },
        _ => this with { TrueNegatives = TrueNegatives + 1 },
    };

    public static Confusion operator +(Confusion left, Confusion right) => new(
        left.TruePositives + right.TruePositives,
        left.FalsePositives + right.FalsePositives,
        left.FalseNegatives + right.FalseNegatives,
        left.TrueNegatives + right.TrueNegatives);
}
