using System.Text;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Tests.Dialects.Crossed;
using LlmGuard.Http.Tests.Dialects.Locations;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>
/// The table in the README of LlmGuard.Http is what the templates prove: it is made from them and compared. LLMGUARD_APPROVE_README=1 writes it.
/// </summary>
public sealed class ReadmeTableTests
{
    private const string Begin = "<!-- dialects: written by ReadmeTableTests -->\n";
    private const string End = "<!-- dialects: end -->\n";

    [Test]
    public void Readme_TableOfDialects_IsWhatTheTemplatesProve() => ReadmeTable.AssertIs("LlmGuard.Http", Begin, End, Table());

    [Test]
    public void Dialects_WithoutARowInTheTable_AreThoseTheSpecificationDoesNotKnow() => Assert.That(
        DialectRegistry.Ids.Except(Sample.All.Select(s => s.Dialect)),
        Is.SubsetOf(new[] { "bedrock.invoke_model", "cohere.v1_chat", "ollama.embed" }));

    private static string Table()
    {
        var table = new StringBuilder("| dialect | direction | inspected, masked | inspected, a mask blocks | dropped with the text it repeats | reported as not inspected |\n|---|---|---|---|---|---|\n");
        foreach (var group in Sample.All.GroupBy(s => (s.Dialect, s.Direction)).OrderBy(g => g.Key.Dialect, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Direction))
        {
            table.Append("| `").Append(group.Key.Dialect).Append("` | ").Append(group.Key.Direction switch
            {
                LlmGuard.Http.Json.JsonDirection.Request => "request",
                LlmGuard.Http.Json.JsonDirection.Response => "answer",
                _ => "stream",
            });
            Cell(table, group.Where(s => s.Template.Fate == Fate.Masked).Select(s => s.Template.Kind));
            Cell(table, group.Where(s => s.Template.Fate == Fate.Fixed).Select(Fixed));
            Cell(table, group.Where(s => s.Template.Fate == Fate.Dropped)
                .Select(static s => s.Template.Kind == "document" ? "annotations" : "log-probabilities, token lists"));
            Cell(
                table, group.Where(s => s.Template.Uninspected is not null).Select(s => "`" + Snake(s.Template.Uninspected!.Value.ToString()) + "`"));
            table.Append(" |\n");
        }

        return table.ToString();
    }

    private static string Fixed(Sample sample) => sample.Template.Kind switch
    {
        "key" => "names of JSON members",
        "metadata" => "identifiers",
        "reasoning" => "signed reasoning",
        "document" or "tool_result" => "text in base64 or a `data:` URL",
        var kind => "signed " + kind,
    };

    // As the policy writes it.
    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static void Cell(StringBuilder table, IEnumerable<string> words) =>
        table.Append(" | ").AppendJoin(", ", words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
