using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Azure;

/// <summary>A request to <c>text:analyze</c>.</summary>
internal sealed record TextAnalysisRequest(string Text, IReadOnlyList<string> Categories, IReadOnlyList<string> Blocklists,
    bool Halts, bool IsEightLevels)
{
    /// <summary>The categories of harm.</summary>
    public static IReadOnlyList<string> AllCategories { get; } = ["Hate", "SelfHarm", "Sexual", "Violence"];

    private const int MaxUnits = 10_000;

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestRefusedException">It does not fit.</exception>
    public static TextAnalysisRequest Read(FakeRequest request)
    {
        var members = new RequestMembers(request, "AnalyzeTextOptions", "text", "categories", "blocklistNames", "haltOnBlocklistHit", "outputType");
        return new TextAnalysisRequest(
            Limited(members.Text("text"), "text", 1),
            CategoriesOf(members),
            members.Texts("blocklistNames") ?? [],
            members.Boolean("haltOnBlocklistHit") ?? false,
            members.Word("outputType", "FourSeverityLevels", "EightSeverityLevels") == "EightSeverityLevels");
    }

    /// <summary>The categories of a request, each at most once; all when none are named.</summary>
    public static IReadOnlyList<string> CategoriesOf(RequestMembers members)
    {
        if (members.Texts("categories") is not { Length: > 0 } named)
        {
            return AllCategories;
        }

        return named.Distinct(StringComparer.Ordinal).Count() == named.Length && named.All(c => AllCategories.Contains(c, StringComparer.Ordinal))
            ? named
            : throw RequestRefusedException.Body("'categories' has an unknown category, or one twice.");
    }

    /// <summary>A text of a length that the service takes.</summary>
    public static string Limited(string? text, string name, int min)
    {
        var length = RequestMembers.LengthOf(text ?? throw RequestRefusedException.Body($"'{name}' is required."));
        return length >= min && length <= MaxUnits ? text : throw RequestRefusedException.Body($"'{name}' has {length} code points.");
    }
}
