using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>The README's table of entities is that of the code. To write it anew: LLMGUARD_APPROVE_README=1.</summary>
public sealed class ReadmeTests
{
    private const string Start = "<!-- entities: written by ReadmeTests -->\n";
    private const string End = "<!-- end of entities -->\n";

    [Test]
    public void Readme_EntityTable_IsThatOfTheCatalog() => ReadmeTable.AssertIs("LlmGuard.Plugins.DataMasking", Start, End, Table());

    private static string Table()
    {
        var table = new StringBuilder("| entity | finds | by | groups | mask |\n|---|---|---|---|---|\n");
        foreach (var id in EntityCatalog.Ids)
        {
            var entity = EntityCatalog.Get(id);
            var groups = string.Join(", ", EntityCatalog.Groups.Where(g => entity.Groups.HasFlag(g.Value)).Select(g => g.Key));
            table.Append("| `").Append(id).Append("` | ").Append(entity.Finds).Append(" | ").Append(entity.Evidence).Append(" | ").Append(groups)
                .Append(" | `").Append(EntityMasks.Find(id)).Append("` |\n");
        }

        return table.ToString();
    }
}
