using System.Buffers;
using System.Text;
using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Ratios;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>The scanning engine alone, on texts without a match.</summary>
internal static class ScanCases
{
    private const int Large = 64 * 1024;

    public static IEnumerable<Comparison> All() =>
    [
        .. new[] { 2 * 1024, Large }.SelectMany(EntityCases),
        .. new[] { 2 * 1024, Large }.SelectMany(static size => new[]
        {
            OfText($"scan: user patterns, {Suite.Show(size)}", size, Scan(Patterns(), ScanViews.None), "28 compiled expressions", RegexWay()),
            OfText($"scan: 100 keywords, {Suite.Show(size)}", size, Scan(Keywords(100, 0), ScanViews.None), "SearchValues<string>",
                SearchValuesWay(100)),
            OfText($"scan: 100 keywords and similar words, {Suite.Show(size)}", size, Scan(Keywords(100, 0.8), ScanViews.None),
                "dynamic programming with a length filter", EditDistanceWay(100)),
        }),
        OfBytes("scan: fold clean text, 64 KB", Large, Fold, "memcpy", Copy()),
        OfBytes("scan: 10,000 keywords, 64 KB", Large, Scan(Keywords(10_000, 0), ScanViews.None), "100 keywords",
            Scan(Keywords(100, 0), ScanViews.None)),
        OfBytes("scan: 10 keywords, 64 KB", Large, Scan(Keywords(10, 0), ScanViews.None), "100 keywords", Scan(Keywords(100, 0), ScanViews.None)),
    ];

    // Every set of entities on every kind of text: against the expressions, and against copying the text.
    private static IEnumerable<Comparison> EntityCases(int size) =>
        from texts in new[] { (Kind: "prose", Bytes: ProseTexts.Of(size)), (Kind: "code", Bytes: CodeTexts.Of(size)),
            (Kind: "chat", Bytes: ChatBodies.Clean(size)) }
        from entities in new[] { (Name: "all entities", Rules: Entities()),
            (Name: "the entities of the 28 expressions", Rules: Entities(Comparable)) }
        from views in new[] { (Name: "in all views", Value: ScanViews.All), (Name: "text as it is", Value: ScanViews.None) }
        let name = $"{entities.Name}, {views.Name}, {texts.Kind}, {Suite.Show(size)}"

        // A chat holds dates, which are entities too.
        let scan = Scan(entities.Rules, views.Value, mayFind: texts.Kind == "chat")
        from comparison in new[]
        {
            OfTexts($"scan: {name}", texts.Bytes, scan, "28 compiled expressions", RegexWay()),
            new Comparison($"scan: {name}, against memcpy", () =>
            {
                var (ours, theirs, copy) = (new Rotation<byte[]>(texts.Bytes), new Rotation<byte[]>(texts.Bytes), Copy());
                return (Side.Of("scan", () => scan(ours.Next())), Side.Of("memcpy", () => copy(theirs.Next())));
            }),
        }
        select comparison;

    private static Comparison OfText(string name, int size, Action<byte[]> product, string baselineName, Func<Action<string>> baseline) =>
        OfTexts(name, ProseTexts.Of(size), product, baselineName, baseline);

    private static Comparison OfTexts(string name,
        IReadOnlyList<byte[]> texts, Action<byte[]> product, string baselineName, Func<Action<string>> baseline) => new(name, () =>
    {
        var (ours, theirs, run) = (new Rotation<byte[]>(texts), new Rotation<string>([.. texts.Select(Encoding.UTF8.GetString)]), baseline());
        return (Side.Of("scan", () => product(ours.Next())), Side.Of(baselineName, () => run(theirs.Next())));
    });

    private static Comparison OfBytes(string name, int size, Action<byte[]> product, string baselineName, Action<byte[]> baseline) => new(name, () =>
    {
        var (ours, theirs) = (new Rotation<byte[]>(ProseTexts.Of(size)), new Rotation<byte[]>(ProseTexts.Of(size)));
        return (Side.Of("scan", () => product(ours.Next())), Side.Of(baselineName, () => baseline(theirs.Next())));
    });

    private static Action<byte[]> Scan(Func<IEnumerable<ScanRule>> rules, ScanViews views, bool mayFind = false)
    {
        ScanPlan? plan = null;
        var spans = new List<ScanSpan>();
        return text =>
        {
            plan ??= new ScanPlan([.. rules()], views);
            var session = plan.Rent();
            session.Scan(text, spans);
            plan.Return(session);
            if (spans.Count > 0 && !mayFind)
            {
                throw new InvalidOperationException("Something was found.");
            }
        };
    }

    // What the 28 expressions look for; each of these finds more of its kind than they do.
    private static readonly string[] Comparable =
    [
        "stripe_key", "jwt_token", "password", "api_key", "access_token", "crypto_wallet", "email", "uuid", "device_mac", "ip6_address", "ip_address",
        "iban", "credit_card", "ssn", "date_of_birth", "passport", "national_id", "phone_number",
    ];

    private static Func<IEnumerable<ScanRule>> Entities() => static () => Entities(EntityCatalog.Ids)();

    private static Func<IEnumerable<ScanRule>> Entities(IReadOnlyList<string> ids) =>
        () => ids.Select(id => new ScanRule.Entity(EntityCatalog.Find(id)!));

    private static Func<IEnumerable<ScanRule>> Patterns() =>
        static () => RegexList.Patterns.Select(p => new ScanRule.Pattern(PatternProgram.Compile(p)));

    private static Func<IEnumerable<ScanRule>> Keywords(int count, double similarity) => () => Enumerable.Range(0, count).Select(Keyword).Select(
        k => new ScanRule.Keyword(new KeywordRule(k, KeywordView.AnyCase, similarity == 0 ? 0 : (int)((1 - similarity) * k.Length))));

    private static Func<Action<string>> RegexWay() => static () =>
    {
        var patterns = RegexList.Compile();
        return text => RegexList.Count(patterns, text);
    };

    private static Func<Action<string>> SearchValuesWay(int count) => () =>
    {
        var values = SearchValues.Create([.. Enumerable.Range(0, count).Select(Keyword)], StringComparison.OrdinalIgnoreCase);
        return text =>
        {
            if (text.AsSpan().ContainsAny(values))
            {
                throw new InvalidOperationException("A keyword was found.");
            }
        };
    };

    private static Func<Action<string>> EditDistanceWay(int count) => () =>
    {
        string[] keywords = [.. Enumerable.Range(0, count).Select(Keyword)];
        return text => EditDistanceLoop.Count(text, keywords, 0.8);
    };

    private static Action<byte[]> Copy()
    {
        var target = new byte[2 * Large];
        return text => text.CopyTo(target.AsSpan());
    }

    private static void Fold(byte[] text)
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold(text, folded);
    }

    /// <summary>Words of five to twelve letters that no text holds.</summary>
    private static string Keyword(int number)
    {
        var random = new Random(number);
        string[] syllables = ["zor", "vik", "mal", "tra", "quo", "ber", "nix", "lum", "fen", "gar", "hob", "jul", "kep", "wun", "yes", "dra"];
        var word = new StringBuilder();
        for (var i = random.Next(3, 5); i > 0; i--)
        {
            word.Append(syllables[random.Next(syllables.Length)]);
        }

        return word.Append("aeiou"[number % 5]).ToString();
    }
}
