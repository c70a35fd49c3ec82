using System.Runtime.InteropServices;

namespace LlmGuard;

/// <summary>Text parts of one message (or stream), read as one text. Immutable.</summary>
public sealed class JoinedText
{
    private readonly JoinedParts _parts;
    private readonly int[] _starts;

    private JoinedText(JoinedParts parts)
    {
        _parts = parts;
        _starts = new int[parts.Count];
        var length = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            _starts[i] = length;
            length += parts[i].Utf8.Length;
        }

        var joined = new byte[length];
        for (var i = 0; i < parts.Count; i++)
        {
            parts[i].Utf8.Span.CopyTo(joined.AsSpan(_starts[i]));
        }

        Utf8 = joined;
    }

    /// <summary>The parts, in order. At least two.</summary>
    public IReadOnlyList<Segment> Parts => _parts;

    /// <summary>The parts' UTF-8, one after the other without a separator.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Whether a span touches more than one part, so that no scan of a single part can have found it.</summary>
    /// <param name="span">A span of <see cref="Utf8"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span lies outside <see cref="Utf8"/>.</exception>
    public bool CrossesParts(TextSpan span)
    {
        ThrowIfOutside(span);
        return span.Length > 0 && PartAt(span.Start) != PartAt(span.End - 1);
    }

    /// <summary>The pieces of a span, part by part. Their lengths add up to the span's.</summary>
    /// <param name="span">A span of <see cref="Utf8"/>; an empty one has no pieces.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span lies outside <see cref="Utf8"/>.</exception>
    public IEnumerable<(Segment Segment, TextSpan Span)> Map(TextSpan span)
    {
        ThrowIfOutside(span);
        return Pieces(span);
    }

    /// <summary>
    /// Parts with the same join number belong together even when other segments stand between them: a member nobody knows, an image, or the
    /// envelope of the next stream event must not hide that the model reads one text.
    /// </summary>
    internal static JoinedText[] Collect(GuardrailContent content)
    {
        // Counted first: lists that grow part by part would take several times what they hold in the end.
        Dictionary<int, Run>? runs = null;
        foreach (var segment in content)
        {
            if (JoinOf(segment) is >= 0 and var join)
            {
                ref var run = ref CollectionsMarshal.GetValueRefOrAddDefault(runs ??= [], join, out var isKnown);
                run = new Run(isKnown ? run.First : segment.Index, segment.Index, run.Count + 1, null);
            }
        }

        return runs is not null && runs.Values.Any(static run => run.Count > 1) ? Join(content, runs) : [];
    }

    // On its own: what captures the content would be made for every content, most of which joins nothing.
    private static JoinedText[] Join(GuardrailContent content, Dictionary<int, Run> runs)
    {
        foreach (var segment in content)
        {
            if (JoinOf(segment) is >= 0 and var join && runs[join].IsBroken)
            {
                ref var run = ref CollectionsMarshal.GetValueRefOrNullRef(runs, join);
                var (indexes, known) = run.Indexes is null ? (new int[run.Count], 0) : (run.Indexes, run.Count);
                indexes[known] = segment.Index;
                run = run with { Indexes = indexes, Count = known + 1 };
            }
        }

        // A dictionary without removals enumerates in the order of insertion, so runs come in the order of their first parts.
        return [.. runs.Values.Where(static run => run.Count > 1)
            .Select(run => new JoinedText(new JoinedParts(content, run.First, run.Count, run.Indexes)))];
    }

    private static int JoinOf(Segment segment) => segment.Payload == PayloadKind.Text ? segment.Data.Join : -1;

    private IEnumerable<(Segment Segment, TextSpan Span)> Pieces(TextSpan span)
    {
        var offset = span.Start;
        for (var part = span.Length == 0 ? _parts.Count : PartAt(span.Start); part < _parts.Count && offset < span.End; part++)
        {
            var end = Math.Min(span.End, _starts[part] + _parts[part].Utf8.Length);
            if (end > offset)
            {
                yield return (_parts[part], new TextSpan(offset - _starts[part], end - offset));
                offset = end;
            }
        }
    }

    private void ThrowIfOutside(TextSpan span)
    {
        // Start plus length may overflow.
        ArgumentOutOfRangeException.ThrowIfNegative(span.Start, nameof(span));
        ArgumentOutOfRangeException.ThrowIfNegative(span.Length, nameof(span));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(span.Start, Utf8.Length, nameof(span));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(span.Length, Utf8.Length - span.Start, nameof(span));
    }

    private int PartAt(int offset)
    {
        var found = Array.BinarySearch(_starts, offset);
        if (found < 0)
        {
            return ~found - 1;
        }

        // Empty parts share a start with the part that holds the byte, which is the last of them.
        while (found + 1 < _starts.Length && _starts[found + 1] == offset)
        {
            found++;
        }

        return found;
    }

    /// <summary>Parts of one text: the first and the last, their number so far, and all of them where others stand between.</summary>
    private readonly record struct Run(int First, int Last, int Count, int[]? Indexes)
    {
        /// <summary>Whether other segments stand between.</summary>
        public bool IsBroken => Indexes is not null || Last - First + 1 != Count;
    }
}
