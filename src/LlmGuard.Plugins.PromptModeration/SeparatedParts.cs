namespace LlmGuard.Plugins.PromptModeration;

/// <summary>
/// The parts of a joined text with a line break between them, since a model may read them either way. Reusable, for one thread at a time.
/// </summary>
internal sealed class SeparatedParts
{
    private const int LargestKept = 1 << 20;

    private readonly List<int> _breaks = [];
    private byte[] _utf8 = [];
    private int _length;

    /// <summary>The parts with their separators.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8.AsSpan(0, _length);

    /// <summary>Takes the parts of a text.</summary>
    public void Read(JoinedText joined)
    {
        _breaks.Clear();
        _length = joined.Utf8.Length + joined.Parts.Count - 1;
        _utf8 = _utf8.Length >= _length ? _utf8 : new byte[_length];
        var offset = 0;
        for (var i = 0; i < joined.Parts.Count; i++)
        {
            if (i > 0)
            {
                _breaks.Add(offset);
                _utf8[offset++] = (byte)'\n';
            }

            var part = joined.Parts[i].Utf8.Span;
            part.CopyTo(_utf8.AsSpan(offset));
            offset += part.Length;
        }
    }

    /// <summary>Forgets the text.</summary>
    public void Clear()
    {
        _utf8.AsSpan(0, _length).Clear();
        _utf8 = _utf8.Length > LargestKept ? [] : _utf8;
        _length = 0;
    }

    /// <summary>The span of the joined text without separators; may be empty.</summary>
    public TextSpan ToJoined(TextSpan span)
    {
        var start = span.Start - BreaksBefore(span.Start);
        return new TextSpan(start, span.End - BreaksBefore(span.End) - start);
    }

    private int BreaksBefore(int offset)
    {
        var found = _breaks.BinarySearch(offset);
        return found < 0 ? ~found : found;
    }
}
