using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>The README's table of rules is that of the code. To write it anew: LLMGUARD_APPROVE_README=1.</summary>
public sealed class ReadmeTests
{
    private const string Start = "<!-- rules: written by ReadmeTests -->\n";
    private const string End = "<!-- end of rules -->";

    [Test]
    public void Readme_RuleTable_IsThatOfTheCatalog() => ReadmeTable.AssertIs("LlmGuard.Plugins.CodeSanitation", Start, End, Table());

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
}
