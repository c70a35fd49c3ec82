using LlmGuard.Plugins.InjectionProtection.Rules;

namespace LlmGuard.Plugins.InjectionProtection.Evaluation;

/// <summary>A text with spans replaced, and the way back, so that what is found in the result widens the spans.</summary>
internal sealed class Removal
{
    /// <summary>How often the result is judged; text that still holds something then is not worth keeping.</summary>
    private const int MostRounds = 8;

    private readonly byte[] _original;
    private readonly byte[] _replacement;
    private List<TextSpan> _spans;
    private int _rounds;

    public Removal(ReadOnlySpan<byte> original, byte[] replacement, IEnumerable<TextSpan> spans)
    {
        (_original, _replacement) = (original.ToArray(), replacement);
        _spans = Merge(spans);
        Text = Render();
    }

    /// <summary>The spans to replace: ascending, apart from each other, never within a character.</summary>
    public IReadOnlyList<TextSpan> Spans => _spans;

    /// <summary>The result.</summary>
    public byte[] Text { get; private set; }

    /// <summary>Widens the spans by what was found in the result.</summary>
    /// <returns>False when that was tried often enough.</returns>
    public bool Widen(IReadOnlyList<RuleHit> hits)
    {
        if (++_rounds > MostRounds)
        {
            return false;
        }

        var before = _spans.Count == 1 && _spans[0].Length == _original.Length;
        _spans = Merge(_spans.Concat(hits.Select(h => ToOriginal(h.Start, h.End))));
        Text = Render();
        return !before;
    }

    private TextSpan ToOriginal(int start, int end)
    {
        var from = OffsetOf(start, isEnd: false);
        return new TextSpan(from, OffsetOf(end, isEnd: true) - from);
    }

    // An offset within a replacement belongs to the whole span that it stands for.
    private int OffsetOf(int offset, bool isEnd)
    {
        var shift = 0;
        foreach (var span in _spans)
        {
            var start = span.Start - shift;
            if (isEnd ? offset <= start : offset < start)
            {
                break;
            }

            if (offset < start + _replacement.Length || (isEnd && offset == start + _replacement.Length))
            {
                return isEnd ? span.End : span.Start;
            }

            shift += span.Length - _replacement.Length;
        }

        return offset + shift;
    }

    private List<TextSpan> Merge(IEnumerable<TextSpan> spans)
    {
        var merged = new List<TextSpan>();
        foreach (var span in spans.OrderBy(s => s.Start))
        {
            var (start, end) = (ToBoundary(span.Start, -1), ToBoundary(span.End, 1));
            if (merged.Count > 0 && start <= merged[^1].End)
            {
                merged[^1] = new TextSpan(merged[^1].Start, Math.Max(merged[^1].End, end) - merged[^1].Start);
            }
            else
            {
                merged.Add(new TextSpan(start, end - start));
            }
        }

        return merged;
    }

    private int ToBoundary(int offset, int direction)
    {
        while (offset > 0 && offset < _original.Length && (_original[offset] & 0xC0) == 0x80)
        {
            offset += direction;
        }

        return offset;
    }

    private byte[] Render()
    {
        var output = new List<byte>(_original.Length);
        var at = 0;
        foreach (var span in _spans)
        {
            output.AddRange(_original.AsSpan(at, span.Start - at));
            output.AddRange(_replacement);
            at = span.End;
        }

        output.AddRange(_original.AsSpan(at));
        return [.. output];
    }
}
