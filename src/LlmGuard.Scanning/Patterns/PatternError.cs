namespace LlmGuard.Scanning.Patterns;

/// <summary>Words the refusal of a pattern: the place and the reason, never the pattern.</summary>
internal static class PatternError
{
    public static FormatException At(int offset, string what) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"not a valid pattern: {what}, near character {offset}"));
}
