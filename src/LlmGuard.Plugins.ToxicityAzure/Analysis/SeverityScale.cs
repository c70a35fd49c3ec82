namespace LlmGuard.Plugins.ToxicityAzure.Analysis;

/// <summary>The levels that a severity takes.</summary>
/// <param name="Name">Azure's name of the scale.</param>
/// <param name="Step">The distance between levels.</param>
internal sealed record SeverityScale(string Name, int Step)
{
    private const int Highest = 7;

    /// <summary>0, 2, 4, 6.</summary>
    public static SeverityScale Four { get; } = new("FourSeverityLevels", 2);

    /// <summary>0 to 7.</summary>
    public static SeverityScale Eight { get; } = new("EightSeverityLevels", 1);

    /// <summary>Whether a severity is one of the levels.</summary>
    public bool Contains(int severity) => severity is >= 0 and <= Highest && severity % Step == 0;

    /// <summary>
    /// The level of the coarse scale that a severity of the fine one falls into, so that a threshold keeps catching what it would; 1 cannot be told
    /// from 0 there, and what is harmless must not count.
    /// </summary>
    public static int OnFourLevels(int severity) => Math.Max(severity & ~1, 2);

    /// <summary>A severity as a finding has it.</summary>
    public static FindingSeverity GravityOf(int severity) => severity switch
    {
        < 2 => FindingSeverity.Info,
        < 4 => FindingSeverity.Low,
        < 6 => FindingSeverity.Medium,
        _ => FindingSeverity.High,
    };
}
