using System.Globalization;

namespace LlmGuard.Tests.Fuzzing;

/// <summary>
/// How many cases a test draws that could draw any number: what the suite has time for, or so many times as many as the environment variable
/// <c>LLMGUARD_FUZZ</c> says (<c>20</c>; <c>0.1</c> for a tenth).
/// </summary>
internal static class FuzzBudget
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "LLMGUARD_FUZZ";

    private static readonly double Factor = Read(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Whether neither more nor fewer are drawn than usual.</summary>
    public static bool IsUsual => Of(100) == 100;

    /// <summary>How many cases to draw; one at least.</summary>
    /// <param name="usual">As many as the suite has time for.</param>
    public static int Of(int usual) => (int)Math.Clamp(usual * Factor, 1, int.MaxValue);

    private static double Read(string? value) => string.IsNullOrEmpty(value) ? 1
        : double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor > 0 ? factor
        : throw new InvalidOperationException(
            $"{Variable} is '{value}': expected how many times as many cases as usual are drawn, such as 20 or 0.1.");
}
