using System.Runtime.InteropServices;

namespace LlmGuard;

/// <summary>Text parts of one message (or stream), read as one text. Immutable.</summary>
public sealed class JoinedText
{
    private readonly Segment[] _parts;
    private readonly int[] _starts;

    private JoinedText(Segment[] parts)
    {
        _parts = parts;
        _starts = new int[parts.Length];
        var length = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            _starts[i] = length;
            length += parts[i].Utf8.Length;
        }

        var joined = new byte[length];
        for (var i = 0; i < parts.Length; i++)
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
        Dictionary<int, int>? counts = null;
        foreach (var segment in content)
        {
            if (JoinOf(segment) is >= 0 and var join)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts ??= [], join, out _)++;
            }
        }

        if (counts is null || !counts.Values.Any(static count => count > 1))
        {
            return [];
        }

        // A dictionary without removals enumerates in the order of insertion, so runs come in the order of their first parts.
        var runs = new Dictionary<int, (Segment[] Parts, int Count)>();
        foreach (var segment in content)
        {
            if (JoinOf(segment) is >= 0 and var join && counts[join] > 1)
            {
                ref var run = ref CollectionsMarshal.GetValueRefOrAddDefault(runs, join, out _);
                run.Parts ??= new Segment[counts[join]];
                run.Parts[run.Count++] = segment;
            }
        }

        return [.. runs.Values.Select(static run => new JoinedText(run.Parts))];
    }

    private static int JoinOf(Segment segment) => segment.Payload == PayloadKind.Text ? segment.Data.Join : -1;

    private IEnumerable<(Segment Segment, TextSpan Span)> Pieces(TextSpan span)
    {
        var offset = span.Start;
        for (var part = span.Length == 0 ? _parts.Length : PartAt(span.Start); part < _parts.Length && offset < span.End; part++)
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
}
