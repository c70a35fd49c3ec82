using LlmGuard.Tool.Evaluation;

namespace LlmGuard.Tool.Measuring;

/// <summary>Everything that is measured on a file, in room that does not grow with it. Not safe for concurrent use.</summary>
internal sealed class FileScores(string name)
{
    /// <summary>The most wrong rows of each sort that are listed.</summary>
    public const int MaxWrongRows = 100;

    /// <summary>The most malformed lines that are listed.</summary>
    public const int MaxProblems = 20;

    private readonly Dictionary<(string Plugin, string Rule), RuleScore> _rules = [];
    private readonly Dictionary<string, SpanScore> _types = new(StringComparer.Ordinal);
    private readonly List<WrongRow> _misses = [];
    private readonly List<WrongRow> _falseAlarms = [];
    private readonly List<string> _problems = [];
    private readonly long[] _actions = new long[4];

    public string Name => name;

    public Confusion Rows { get; private set; }

    /// <summary>Rows whose label says nothing that can be measured.</summary>
    public long Unlabelled { get; private set; }

    /// <summary>Lines that could not be read, and rows that could not be judged.</summary>
    public long Failed { get; private set; }

    /// <summary>Findings in rows where nothing is to be found.</summary>
    public long FalseFindings { get; private set; }

    public LatencyHistogram Latency { get; } = new();

    public long Total => _actions.Sum() + Failed;

    public IEnumerable<KeyValuePair<(string Plugin, string Rule), RuleScore>> Rules =>
        _rules.OrderBy(r => r.Key.Plugin, StringComparer.Ordinal).ThenBy(r => r.Key.Rule, StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, SpanScore>> Types => _types.OrderBy(t => t.Key, StringComparer.Ordinal);

    public SpanScore AllTypes => _types.Values.Aggregate(default(SpanScore), static (sum, score) => sum + score);

    public IEnumerable<WrongRow> WrongRows => _misses.Concat(_falseAlarms);

    /// <summary>Why lines failed, each with its number; the first few.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public long CountOf(GuardrailAction action) => _actions[(int)action];

    /// <summary>Counts a line that could not be read or judged.</summary>
    public void Fail(long line, string problem)
    {
        Failed++;
        if (_problems.Count < MaxProblems)
        {
            _problems.Add($"{name}:{line}: {problem}");
        }
    }

    /// <summary>Counts a row.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="truth">What the data says.</param>
    /// <param name="verdict">What the policy says.</param>
    /// <param name="options">What counts as positive, and how types compare.</param>
    /// <param name="text">Makes the text for the list of wrong rows, or null when it must not be shown.</param>
    public void Add(long line, RowTruth truth, TextVerdict verdict, MeasureOptions options, Func<string>? text)
    {
        _actions[(int)verdict.Action]++;
        Latency.Add(verdict.Elapsed);
        foreach (var rule in verdict.Findings.GroupBy(f => (f.Plugin, f.Rule)))
        {
            var fired = new RuleScore(truth.IsPositive == true ? 1 : 0, truth.IsPositive == false ? 1 : 0, rule.Count());
            _rules[rule.Key] = _rules.GetValueOrDefault(rule.Key) + fired;
        }

        AddSpans(truth, verdict, options.Types);
        if (truth.IsPositive is not { } isPositive)
        {
            Unlabelled++;
            return;
        }

        var isPredicted = truth.IsPredicted(verdict, options.Positive);
        Rows = Rows.With(isPositive, isPredicted);
        FalseFindings += isPositive ? 0 : verdict.Findings.Count;
        var list = isPositive ? _misses : _falseAlarms;
        if (isPositive != isPredicted && list.Count < MaxWrongRows)
        {
            list.Add(new WrongRow(line, isPositive, string.Join(", ", verdict.Findings.Select(f => f.Rule).Distinct().Take(10)), text?.Invoke()));
        }
    }

    /// <summary>Adds the counts of another file, but not its lists.</summary>
    public void Add(FileScores other)
    {
        Rows += other.Rows;
        Unlabelled += other.Unlabelled;
        Failed += other.Failed;
        FalseFindings += other.FalseFindings;
        Latency.Add(other.Latency);
        for (var i = 0; i < _actions.Length; i++)
        {
            _actions[i] += other._actions[i];
        }

        foreach (var (key, score) in other._rules)
        {
            _rules[key] = _rules.GetValueOrDefault(key) + score;
        }

        foreach (var (key, score) in other._types)
        {
            _types[key] = _types.GetValueOrDefault(key) + score;
        }
    }

    private void AddSpans(RowTruth truth, TextVerdict verdict, TypeMap types)
    {
        if (truth.Spans is not { } spans)
        {
            return;
        }

        var gold = spans
            .Select(s => (Type: types.OfLabel(s.Type), s.Start, s.End))
            .Where(s => s.Type is not null)
            .Distinct().ToLookup(s => s.Type!, s => (s.Start, s.End), StringComparer.Ordinal);
        var predicted = verdict.Findings
            .Where(f => f.Span is not null)
            .Select(f => (Type: types.OfEntity(f.Type), f.Start, f.End))
            .Where(f => f.Type is not null && truth.Judges(f.Type))
            .Distinct().ToLookup(f => f.Type!, f => (f.Start, f.End), StringComparer.Ordinal);
        foreach (var type in gold.Select(g => g.Key).Union(predicted.Select(p => p.Key)))
        {
            _types[type] = _types.GetValueOrDefault(type) + SpanScore.Of([.. gold[type]], [.. predicted[type]]);
        }
    }
}
