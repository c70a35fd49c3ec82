using LlmGuard.Tool.Evaluation;
using LlmGuard.Tool.Rows;

namespace LlmGuard.Tool.Measuring;

/// <summary>What the data says about a row, in the terms of the measurement.</summary>
internal sealed class RowTruth
{
    private readonly TypeMap _types;
    private readonly HashSet<string>? _scope;

    public RowTruth(DataRow row, TypeMap types)
    {
        _types = types;
        var about = row.Scope ?? (row is { IsValueOnly: true, Category: { } category } ? [category] : null);
        if (about is not null && about.Any(types.IsMapped))
        {
            _scope = [.. about.Select(types.OfLabel).OfType<string>()];
        }

        var isPositive =
            row.Label ?? (row.Spans is null ? null : row.Spans.Any(s => types.OfLabel(s.Type) is not null) ? true : row.IsComplete ? false : null);
        IsPositive = row.HasLabelScope && isPositive == false ? null : isPositive;
        Spans = row.Spans ?? ValueSpan(row);
        IsComplete = row is { IsComplete: true, IsValueOnly: false };
    }

    /// <summary>Whether something is to be found; null when the data does not say.</summary>
    public bool? IsPositive { get; }

    /// <summary>What is to be found where; null when the data does not say.</summary>
    public IReadOnlyList<GoldSpan>? Spans { get; }

    /// <summary>Whether findings outside <see cref="Spans"/> are wrong whatever their type.</summary>
    public bool IsComplete { get; }

    /// <summary>Whether the row was found to be positive.</summary>
    public bool IsPredicted(TextVerdict verdict, GuardrailAction least) =>
        verdict.Action >= least
        && (_scope is null ? !_types.IsOnlyMapped || verdict.Findings.Any(f => _types.OfEntity(f.Type) is not null)
            : verdict.Findings.Any(f => _types.OfEntity(f.Type) is { } type && _scope.Contains(type)));

    /// <summary>
    /// Whether a finding of a type is judged in this row: where not everything is labelled, only what the row is about can be wrong.
    /// </summary>
    public bool Judges(string type) => IsComplete || _scope?.Contains(type) == true || Spans!.Any(s => _types.OfLabel(s.Type) == type);

    private IReadOnlyList<GoldSpan>? ValueSpan(DataRow row) => row switch
    {
        { IsValueOnly: true, Label: true, Category: { } category } when _types.IsMapped(category) =>
            [new GoldSpan(0, new CodePoints(row.Text).Total, category)],
        { IsValueOnly: true, Label: false, Category: { } category } when _types.IsMapped(category) => [],
        _ => null,
    };
}
