namespace LlmGuard.Tool.Measuring;

/// <summary>The usual rates. Null where there is nothing to divide by: a rate of nothing is not zero.</summary>
internal static class Rates
{
    public static double? Of(long part, long whole) => whole == 0 ? null : (double)part / whole;

    /// <summary>The harmonic mean of precision and recall, null when there was nothing to find.</summary>
    public static double? F1(double? precision, double? recall) => recall switch
    {
        null => null,
        0 => 0,
        _ => 2 * (precision ?? 0) * recall / ((precision ?? 0) + recall),
    };
}
