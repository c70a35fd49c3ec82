using System.Text;
using LlmGuard.Scanning.Entities;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>The README's table of entities is that of the code. To write it anew: LLMGUARD_APPROVE_README=1.</summary>
public sealed class ReadmeTests
{
    private const string Start = "<!-- entities: written by ReadmeTests -->\n";
    private const string End = "<!-- end of entities -->\n";

    [Test]
    public void Readme_EntityTable_IsThatOfTheCatalog()
    {
        var path = Path.Combine(Root(), "src", "LlmGuard.Plugins.DataMasking", "README.md");
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

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "src", "LlmGuard.Plugins.DataMasking")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The root of the repository is not above the tests.");
    }
}
