namespace LlmGuard.Tool.Measuring;

/// <summary>How well the spans of a type were found.</summary>
/// <param name="Gold">Labelled spans.</param>
/// <param name="Found">Of those, the ones that some predicted span of the type overlaps.</param>
/// <param name="Predicted">Predicted spans.</param>
/// <param name="Right">Of those, the ones that overlap some labelled span of the type.</param>
/// <param name="Exact">Predicted spans that are a labelled one to the character.</param>
internal readonly record struct SpanScore(long Gold, long Found, long Predicted, long Right, long Exact)
{
    public double? Precision => Rates.Of(Right, Predicted);

    public double? Recall => Rates.Of(Found, Gold);

    public double? F1 => Rates.F1(Precision, Recall);

    public double? ExactPrecision => Rates.Of(Exact, Predicted);

    public double? ExactRecall => Rates.Of(Exact, Gold);

    public double? ExactF1 => Rates.F1(ExactPrecision, ExactRecall);

    public static SpanScore operator +(SpanScore left, SpanScore right) => new(
        left.Gold + right.Gold,
        left.Found + right.Found,
        left.Predicted + right.Predicted,
        left.Right + right.Right,
        left.Exact + right.Exact);

    /// <summary>The score of one type in one text.</summary>
    /// <param name="gold">The labelled spans, all different.</param>
    /// <param name="predicted">The predicted ones, all different.</param>
    public static SpanScore Of(IReadOnlyList<(int Start, int End)> gold, IReadOnlyList<(int Start, int End)> predicted)
    {
        var exact = new HashSet<(int, int)>(gold);
        return new SpanScore(
            gold.Count,
            Touching(gold, predicted),
            predicted.Count,
            Touching(predicted, gold),
            predicted.Count(exact.Contains));
    }

    /// <summary>How many of one list overlap any of the other. Linear in both, apart from sorting.</summary>
    private static int Touching(IReadOnlyList<(int Start, int End)> spans, IReadOnlyList<(int Start, int End)> others)
    {
        var starts = others.Select(o => o.Start).Order().ToArray();
        var ends = others.Select(o => o.End).Order().ToArray();

        // Those that begin before a span's end, less those that end before it begins, overlap it.
        return spans.Count(span => Below(starts, span.End) > Below(ends, span.Start + 1));
    }

    private static int Below(int[] sorted, int value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
