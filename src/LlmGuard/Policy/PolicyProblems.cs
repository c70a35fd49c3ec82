using System.Globalization;
using System.Text;

namespace LlmGuard.Policy;

/// <summary>The text that lists all problems of a document.</summary>
internal static class PolicyProblems
{
    public static string Describe(string origin, IReadOnlyList<SettingsProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The policy in {origin} was refused: {problems.Count} problem{(problems.Count == 1 ? "" : "s")}.");
        foreach (var problem in problems)
        {
            text.AppendLine().Append("  ").Append(problem);
        }

        return text.ToString();
    }
}
