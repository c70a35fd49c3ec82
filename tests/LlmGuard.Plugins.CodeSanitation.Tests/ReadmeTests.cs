using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>The README's table of rules is that of the code. To write it anew: LLMGUARD_APPROVE_README=1.</summary>
public sealed class ReadmeTests
{
    private const string Start = "<!-- rules: written by ReadmeTests -->\n";
    private const string End = "<!-- end of rules -->";

    [Test]
    public void Readme_RuleTable_IsThatOfTheCatalog()
    {
        var path = Path.Combine(Root(), "src", "LlmGuard.Plugins.CodeSanitation", "README.md");
        var readme = File.ReadAllText(path).ReplaceLineEndings("\n");
        var (start, end) = (readme.IndexOf(Start, StringComparison.Ordinal) + Start.Length, readme.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("LLMGUARD_APPROVE_README") == "1")
        {
            File.WriteAllText(path, readme[..start] + Table() + readme[end..]);
            return;
        }

        Assert.That(
            readme[start..end], Is.EqualTo(Table()), "the table differs from the catalog: run with LLMGUARD_APPROVE_README=1 and read what changed");
    }

    private static string Table()
    {
        var table = new StringBuilder("| group | high | medium | low |\n|---|---|---|---|\n");
        foreach (var group in GroupNames.All)
        {
            table.Append("| `").Append(group.Key).Append('`');
            foreach (var severity in new[] { FindingSeverity.High, FindingSeverity.Medium, FindingSeverity.Low })
            {
                var ids = CodeCatalog.Rules.Where(r => r.Group == group.Value && r.Severity == severity).Select(r => $"`{r.Id}`")
                    .Order(StringComparer.Ordinal);
                table.Append(" | ").AppendJoin(", ", ids);
            }

            table.Append(" |\n");
        }

        return table.ToString();
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "src", "LlmGuard.Plugins.CodeSanitation")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The repository's root was not found above the tests.");
    }
}
