namespace LlmGuard.Plugins.InjectionProtection.Tests;

/// <summary>
/// The rows in the folder of this name, written for these tests. A line that starts with "==" names the family of what follows, "#!" begins a
/// comment, "\n" is a line break, and a line that ends in a backslash goes on.
/// </summary>
internal static class Rows
{
    public static IReadOnlyList<(string Family, string Text)> Read(string name)
    {
        var rows = new List<(string, string)>();
        var (family, begun) = (string.Empty, string.Empty);
        foreach (var line in File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Rows", name + ".txt")))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                family = line[3..];
            }
            else if (line.EndsWith(" \\", StringComparison.Ordinal))
            {
                begun += line[..^1];
            }
            else if (line.Length > 0 && !line.StartsWith("#!", StringComparison.Ordinal))
            {
                rows.Add((family, (begun + line).Replace("\\n", "\n", StringComparison.Ordinal)));
                begun = string.Empty;
            }
        }

        return rows;
    }
}
