namespace LlmGuard.Http.Wire.Encodings;

/// <summary>The values of a form or query that became segments, and the way back.</summary>
internal sealed class FormPairs
{
    private Dictionary<int, TextSpan>? _values;

    /// <summary>Remembers where the encoded value of a segment stands.</summary>
    public void Add(int segment, TextSpan value) => (_values ??= []).Add(segment, value);

    public bool Contains(int segment) => _values?.ContainsKey(segment) == true;

    /// <summary>Encodes the edits into place; everything else stays as it was encoded. Null when no edit is of these segments.</summary>
    public byte[]? Apply(ReadOnlySpan<byte> encoded, IReadOnlyList<TextEdit> edits)
    {
        if (_values is null)
        {
            return null;
        }

        var splices = new List<ByteSplice>();
        foreach (var edit in edits)
        {
            if (_values.TryGetValue(edit.Segment, out var value))
            {
                var raw = PercentEncoding.ToRaw(encoded.Slice(value.Start, value.Length), edit.Span);
                splices.Add(new ByteSplice(raw with { Start = value.Start + raw.Start }, PercentEncoding.Encode(edit.Utf8.Span)));
            }
        }

        return splices.Count == 0 ? null : ByteSplice.Apply(encoded, splices);
    }
}
