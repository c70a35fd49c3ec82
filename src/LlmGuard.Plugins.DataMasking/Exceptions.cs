using System.Text;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>What a policy says is harmless although a rule finds it. Immutable, thread-safe.</summary>
internal sealed class Exceptions
{
    private readonly HashSet<string> _values;
    private readonly ScanPlan? _patterns;

    /// <param name="values">Whole matches, compared without regard to case.</param>
    /// <param name="patterns">Patterns of whole matches, anchored at both ends.</param>
    public Exceptions(IEnumerable<string> values, IReadOnlyList<PatternProgram> patterns)
    {
        _values = new HashSet<string>(values, StringComparer.OrdinalIgnoreCase);
        _patterns = patterns.Count == 0 ? null : new ScanPlan([.. patterns.Select(static p => new ScanRule.Pattern(p))], ScanViews.None);
    }

    /// <summary>Whether a match is one of them, all of it.</summary>
    /// <exception cref="ScanBoundException">It cannot be told within bounds.</exception>
    public bool Cover(ReadOnlySpan<byte> match)
    {
        if (_values.Count > 0 && _values.Contains(Encoding.UTF8.GetString(match)))
        {
            return true;
        }

        if (_patterns is null || match.Length >= MaskingRule.MaxValueBytes)
        {
            return false;
        }

        var session = _patterns.Rent();
        var spans = new List<ScanSpan>();
        session.Scan(match, spans);
        _patterns.Return(session);
        return spans is [{ Start: 0 } only] && only.Length == match.Length;
    }
}
