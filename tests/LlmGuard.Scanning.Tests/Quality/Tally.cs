using System.Globalization;

namespace LlmGuard.Scanning.Tests.Quality;

/// <summary>Counts of right and wrong answers.</summary>
internal sealed class Tally
{
    public int Hits { get; private set; }

    public int Misses { get; private set; }

    public int FalseAlarms { get; private set; }

    public int Clean { get; private set; }

    public double Precision => Share(Hits, Hits + FalseAlarms);

    public double Recall => Share(Hits, Hits + Misses);

    public double F1 => Share(2 * Hits, (2 * Hits) + Misses + FalseAlarms);

    public double FalsePositiveRate => FalseAlarms + Clean == 0 ? 0 : (double)FalseAlarms / (FalseAlarms + Clean);

    public static string Header => "                                                    hits   miss  false  clean   prec  recall    F1     FPR";

    /// <summary>Counts one answer about a whole text.</summary>
    public void Count(bool expected, bool found)
    {
        Hits += expected && found ? 1 : 0;
        Misses += expected && !found ? 1 : 0;
        FalseAlarms += !expected && found ? 1 : 0;
        Clean += !expected && !found ? 1 : 0;
    }

    /// <summary>Counts spans: hits, misses and false alarms.</summary>
    public void Count(int hits, int misses, int falseAlarms)
    {
        Hits += hits;
        Misses += misses;
        FalseAlarms += falseAlarms;
    }

    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-50} {Hits,6} {Misses,6} {FalseAlarms,6} {Clean,6}  {Precision,5:0.000}  {Recall,5:0.000}  {F1,5:0.000}  {FalsePositiveRate,5:0.000}");

    private static double Share(int part, int whole) => whole == 0 ? 1 : (double)part / whole;
}
