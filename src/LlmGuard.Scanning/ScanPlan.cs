using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning;

/// <summary>A set of rules made ready to scan with. Immutable and safe for concurrent use; each text is scanned by a session of its own.</summary>
internal sealed class ScanPlan
{
    private readonly EntityTable? _entities;
    private readonly PatternSet _patterns;
    private readonly int[] _patternRules;
    private readonly KeywordSet[] _keywords;
    private readonly (IScanGrammar Grammar, int[] Rules)[] _grammars;
    private readonly Spares<ScanSession> _spares = new();

    /// <summary>Most bytes of a text that <see cref="ViewText.Block"/> bytes of a view of it may be made from.</summary>
    public const int ViewLimit = 6 * ViewText.Block;

    private readonly ScanViews _views;

    /// <param name="rules">The rules, strongest claim first.</param>
    /// <param name="views">In which views of a text they are looked for besides the text itself.</param>
    public ScanPlan(IReadOnlyList<ScanRule> rules, ScanViews views = ScanViews.All)
    {
        _views = views;
        var numbered = rules.Select((rule, number) => (rule, number)).ToArray();
        var detectors = numbered.Where(r => r.rule is ScanRule.Entity).Select(r => (((ScanRule.Entity)r.rule).Detector, r.number)).ToArray();
        _entities = detectors.Length == 0 ? null : new EntityTable(detectors);
        var patterns = numbered.Where(r => r.rule is ScanRule.Pattern).ToArray();
        _patterns = new PatternSet([.. patterns.Select(r => ((ScanRule.Pattern)r.rule).Program)]);
        _patternRules = [.. patterns.Select(r => r.number)];
        _keywords = KeywordSet.Build([.. numbered.Where(r => r.rule is ScanRule.Keyword).Select(r => (((ScanRule.Keyword)r.rule).Rule, r.number))]);
        _grammars = [.. numbered.Where(r => r.rule is ScanRule.Grammar).GroupBy(r => ((ScanRule.Grammar)r.rule).Of).Select(g => (g.Key, Numbers(g)))];
        LongestMatch = Math.Max(
            Math.Max(detectors.Select(d => d.Detector.MaxLength).DefaultIfEmpty(1).Max(), _keywords.Select(k => k.MaxLength).DefaultIfEmpty(1).Max()),
            Math.Max(_patterns.Count == 0 ? 1 : PatternRun.MaxPiece + 4, _grammars.Select(g => g.Grammar.MaxLength).DefaultIfEmpty(1).Max()));
        MaxSpan = views == ScanViews.None ? LongestMatch : Math.Max(LongestMatch, LongestOriginal(LongestInView(detectors)));
    }

    /// <summary>Bytes of released text that a scan may look back at.</summary>
    public static int Left => Math.Max(Detector.Left, KeywordSet.Left);

    /// <summary>Most bytes of a text that one rule looks at for one match.</summary>
    public int LongestMatch { get; }

    /// <summary>Longest span in bytes. Overlapping matches that are longer together are cut there.</summary>
    public int MaxSpan { get; }

    /// <summary>Most bytes after a span that can decide about it: another match may overlap its end.</summary>
    public int Right => MaxSpan;

    /// <summary>Takes a session that was given back, or makes one. It holds offsets only, no text.</summary>
    public ScanSession Rent() => _spares.TryTake() ?? NewSession();

    /// <summary>Gives a session back whose last scan came to its end.</summary>
    public void Return(ScanSession session)
    {
        if (!session.IsOversized)
        {
            _spares.Give(session);
        }
    }

    /// <summary>Starts on a text.</summary>
    public ScanSession NewSession() =>
        new(this, [.. _views == ScanViews.None ? NewMatchers() : [new TextLayer(this)], .. NewMatchers(textOnly: true)]);

    /// <summary>Whether letters of views keep the form they are written in.</summary>
    internal bool KeepsLetters => _views == ScanViews.Decoded;

    private IEnumerable<IScanMatcher> NewMatchers(bool textOnly, int depth = 0) =>
        _grammars.Where(g => g.Grammar.ReadsTextOnly == textOnly).Select(g => g.Grammar.NewMatcher(g.Rules, depth));

    /// <summary>What looks for all rules in one form of a text, but for those that are only about the text as it is.</summary>
    /// <param name="depth">In how many others the text stands encoded.</param>
    internal List<IScanMatcher> NewMatchers(int depth = 0)
    {
        var matchers = new List<IScanMatcher>();
        if (_entities is not null)
        {
            matchers.Add(new EntityMatcher(_entities));
        }

        matchers.AddRange(_keywords.Select(k => new KeywordMatcher(k)));
        matchers.AddRange(NewMatchers(textOnly: false, depth));
        matchers.AddRange(_patterns.NewRuns(_patternRules));
        return matchers;
    }

    // By the number that a rule has in its grammar, the one it has in the plan.
    private static int[] Numbers(IGrouping<IScanGrammar, (ScanRule Rule, int Number)> rules)
    {
        var numbers = Enumerable.Repeat(-1, rules.Key.RuleCount).ToArray();
        foreach (var (rule, number) in rules)
        {
            numbers[((ScanRule.Grammar)rule).Number] = number;
        }

        return numbers;
    }

    // Nothing invisible is left in a view, so that a keyword is never longer than its letters.
    private int LongestInView((Detector Detector, int Number)[] detectors) => Math.Max(
        Math.Max(detectors.Select(d => d.Detector.MaxLength).DefaultIfEmpty(1).Max(), _keywords.Select(k => k.MaxLetters).DefaultIfEmpty(1).Max()),
        Math.Max(_patterns.Count == 0 ? 1 : PatternRun.MaxPiece + 4, _grammars.Select(g => g.Grammar.MaxLengthInView).DefaultIfEmpty(1).Max()));

    /// <summary>Most bytes of a text that so many bytes of a view of it are made from.</summary>
    internal static int LongestOriginal(int inView) => Blocks(inView) * ViewLimit;

    // A stretch that begins within a block reaches into one more than it fills.
    private static int Blocks(int length) => ((length + ViewText.Block - 1) / ViewText.Block) + 1;
}
