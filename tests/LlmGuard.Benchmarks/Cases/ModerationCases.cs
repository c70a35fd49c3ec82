using System.Text;
using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Folding.Fuzzy;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>prompt_moderation with a hundred keywords, none of which occurs.</summary>
internal static class ModerationCases
{
    /// <summary>A hundred words and phrases.</summary>
    public static readonly string[] Keywords = [.. Enumerable.Range(0, 100).Select(Keyword)];

    public static IEnumerable<Comparison> All() =>
    [
        Of(2 * 1024, 1),
        Of(64 * 1024, 1),
        Of(2 * 1024, 0.8),
        Of(64 * 1024, 0.8),
        Search(2 * 1024, "dynamic programming with a length filter",
            static text => EditDistanceLoop.Count(Encoding.ASCII.GetString(text), Keywords, 0.8)),
        Search(64 * 1024, "dynamic programming with a length filter",
            static text => EditDistanceLoop.Count(Encoding.ASCII.GetString(text), Keywords, 0.8)),
        new("moderation search: 10,000 similar keywords, 64 KB", static () => (Searching(64 * 1024, Many), Searching(64 * 1024, Keywords))),
    ];

    private static readonly string[] Many =
        [.. Enumerable.Range(0, 100).SelectMany(i => Keywords.Select(k => k + (char)('a' + (i % 26)) + (char)('a' + (i / 26))))];

    private static Comparison Search(int size, string name, Action<byte[]> ordinary) =>
        new($"moderation search: 100 similar keywords, {Suite.Show(size)}", () =>
    {
        var theirs = new Rotation<byte[]>(ProseTexts.Of(size));
        return (Searching(size, Keywords), Side.Of(name, () => ordinary(theirs.Next())));
    });

    // Folding included.
    private static Side Searching(int size, string[] keywords)
    {
        var (texts, search, matches) =
            (new Rotation<byte[]>(ProseTexts.Of(size)), new FuzzySearch(new FuzzyWords(keywords, 0.8)), new List<FuzzyMatch>());
        return Side.Of($"{keywords.Length} keywords", () =>
        {
            using var folded = FoldedText.Rent();
            TextFolder.Fold(texts.Next(), folded);
            search.Find(folded.Utf8, matches);
            if (matches.Count > 0)
            {
                throw new InvalidOperationException("A keyword was found.");
            }
        });
    }

    private static Comparison Of(int size, double similarity) => new(
        FormattableString.Invariant($"prompt_moderation, 100 keywords at similarity {similarity}, {Suite.Show(size)}"),
        () =>
        {
            var engine = new Engine(BenchmarkPolicies.Moderate(Keywords, similarity));
            var bodies = ChatBodies.Clean(size);
            var (ours, ordinary) = (new Rotation<byte[]>(bodies), new Rotation<byte[]>(bodies));
            return Task.FromResult(new Pair(
                Side.Of("read, evaluate", async () =>
                {
                    var decision = await engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, ChatText.Read(ours.Next()).Content);
                    if (!decision.IsAllowed)
                    {
                        throw new InvalidOperationException("A keyword was found.");
                    }
                }),
                Side.Of("JsonNode and a loop of Contains", () =>
                {
                    KeywordLoop.Contains(ordinary.Next(), Keywords);
                }),
                engine));
        });

    /// <summary>Words that could stand in a text and do not.</summary>
    private static string Keyword(int number)
    {
        string[] starts = ["blue", "silver", "north", "harbour", "quartz", "velvet", "marble", "falcon", "juniper", "zenith"];
        string[] ends = ["bird", "stone", "gate", "field", "harvest", "lantern", "meridian", "orchard", "phoenix", "voyager"];
        return starts[number % 10] + (number % 2 == 0 ? " " : "") + ends[number / 10];
    }
}
