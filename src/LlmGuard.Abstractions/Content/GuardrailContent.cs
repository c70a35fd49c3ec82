using System.Buffers;
using System.Collections;
using System.Text;

namespace LlmGuard;

/// <summary>The content of one call at one stage: its segments in document order, possibly filtered to what one policy entry judges.</summary>
/// <remarks>Immutable and safe for concurrent reads. Made with <see cref="GuardrailContentBuilder"/>.</remarks>
public sealed class GuardrailContent : IReadOnlyList<Segment>
{
    private readonly SegmentPages _data;
    private readonly int[]? _view;
    private readonly ContentMemory? _memory;
    private JoinedText[]? _joined;

    /// <summary>Takes over segments, to which nobody adds any more.</summary>
    /// <param name="data">The segments.</param>
    /// <param name="total">Their number.</param>
    /// <param name="view">The indexes of those that are seen; null for all.</param>
    /// <param name="memory">What the segments are lent from, which says when they are gone; null when they are this content's own.</param>
    internal GuardrailContent(SegmentPages data, int total, int[]? view = null, ContentMemory? memory = null)
    {
        _data = data;
        TotalCount = total;
        _view = view;
        _memory = memory;
    }

    /// <summary>Content without any segment.</summary>
    public static GuardrailContent Empty { get; } = new(new SegmentPages(), 0);

    /// <summary>Number of segments in this view.</summary>
    public int Count => _view?.Length ?? TotalCount;

    /// <summary>Number of segments of the unfiltered content; every <see cref="Segment.Index"/> is below it.</summary>
    public int TotalCount { get; }

    /// <summary>
    /// Text parts of one message (or stream) that the model reads as one text, for scanning in addition to the segments themselves: a card number
    /// split over two parts is found only here. Holds no run of a single part.
    /// </summary>
    public IReadOnlyList<JoinedText> JoinedTexts => _joined ??= JoinedText.Collect(this);

    /// <summary>What of it stands in the body, for whoever asks after the first; null until somebody has.</summary>
    internal GuardrailContent? OfBody { get; set; }

    /// <summary>The segment at a position of this view.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1. Not the same as <see cref="Segment.Index"/> in a filtered view.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such segment.</exception>
    public Segment this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return new Segment(this, _view is null ? index : _view[index]);
        }
    }

    /// <summary>One text said by one role, for plain code: <c>GuardrailContent.FromText("...", SegmentRole.User)</c>.</summary>
    /// <param name="text">The text. Lone surrogates are refused.</param>
    /// <param name="role">Who says it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="text"/> is not well-formed UTF-16.</exception>
    public static GuardrailContent FromText(string text, SegmentRole role)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(text, new SegmentInfo { Role = role, Kind = SegmentKind.Message });
        return builder.Build();
    }

    /// <summary>Enumerates the segments of this view without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Describes the content without quoting it.</summary>
    public override string ToString() => $"{Count} segments";

    IEnumerator<Segment> IEnumerable<Segment>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal Segment At(int segmentIndex) => new(this, segmentIndex);

    internal ref readonly SegmentData DataAt(int segmentIndex) => ref Slot(segmentIndex);

    internal ReadOnlyMemory<byte> Utf8At(int segmentIndex)
    {
        ref var data = ref Slot(segmentIndex);
        if (data.Payload != PayloadKind.Text)
        {
            return default;
        }

        // Concurrent readers may both encode; the results are equal and the flag is written last.
        if (!Volatile.Read(ref data.HasUtf8))
        {
            data.Utf8 = Encoding.UTF8.GetBytes(data.Utf16!);
            Volatile.Write(ref data.HasUtf8, true);
        }

        return data.Utf8;
    }

    internal string TextAt(int segmentIndex)
    {
        ref var data = ref Slot(segmentIndex);
        return data.Payload != PayloadKind.Text ? "" : data.Utf16 ??= Encoding.UTF8.GetString(data.Utf8.Span);
    }

    /// <summary>The same content restricted to the segments that satisfy a filter; this instance when all do.</summary>
    internal GuardrailContent Where<TState>(TState state, Func<TState, Segment, bool> filter)
    {
        var kept = ArrayPool<int>.Shared.Rent(Count);
        try
        {
            var count = 0;
            foreach (var segment in this)
            {
                if (filter(state, segment))
                {
                    kept[count++] = segment.Index;
                }
            }

            return count == Count ? this : new GuardrailContent(_data, TotalCount, kept[..count], _memory);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(kept);
        }
    }

    /// <summary>The same content restricted to some of its segments.</summary>
    /// <param name="segments">Their indexes, ascending. Taken over.</param>
    internal GuardrailContent Select(int[] segments) => new(_data, TotalCount, segments, _memory);

    /// <summary>A copy in which some texts are replaced; the rest is shared.</summary>
    internal GuardrailContent WithTexts(IEnumerable<KeyValuePair<int, byte[]>> texts)
    {
        var data = Copied();
        foreach (var (index, utf8) in texts)
        {
            data[index].Utf8 = utf8;
            data[index].HasUtf8 = true;
            data[index].Utf16 = null;
        }

        return new GuardrailContent(data, TotalCount, _view);
    }

    /// <summary>A copy that owns all its bytes, for readers that outlive the request's buffers.</summary>
    internal GuardrailContent Detach()
    {
        var data = Copied();
        for (var i = 0; i < data.Count; i++)
        {
            data[i].Utf8 = data[i].Utf8.ToArray();
        }

        return new GuardrailContent(data, TotalCount, _view);
    }

    private ref SegmentData Slot(int segmentIndex)
    {
        _memory?.ThrowIfReleased();
        return ref _data[segmentIndex];
    }

    private SegmentPages Copied()
    {
        _memory?.ThrowIfReleased();
        return _data.Copy();
    }

    /// <summary>Walks the segments of a view.</summary>
    public struct Enumerator : IEnumerator<Segment>
    {
        private readonly GuardrailContent _content;
        private int _position;

        internal Enumerator(GuardrailContent content)
        {
            _content = content;
            _position = -1;
        }

        /// <inheritdoc/>
        public readonly Segment Current => _content[_position];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_position < _content.Count;

        /// <inheritdoc/>
        public void Reset() => _position = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
