namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Bytes that no opening tells apart at any place share a class, so that tables by class stay small. Immutable.</summary>
internal sealed class ByteClasses
{
    private readonly byte[] _ofByte = new byte[256];

    public ByteClasses(IReadOnlyList<OpeningSets> openings)
    {
        var known = new Dictionary<string, byte>(StringComparer.Ordinal);
        var takes = new char[openings.Count * (Opening.Length + 1)];
        for (var value = 0; value < _ofByte.Length; value++)
        {
            for (var i = 0; i < takes.Length; i++)
            {
                takes[i] = openings[i / (Opening.Length + 1)].Takes(i % (Opening.Length + 1), value) ? '1' : '0';
            }

            var key = new string(takes);
            if (!known.TryGetValue(key, out var number))
            {
                number = (byte)known.Count;
                known.Add(key, number);
            }

            _ofByte[value] = number;
        }

        Count = known.Count + 2;
    }

    /// <summary>How many there are, with two more: what stands beyond the text, and what is not known yet.</summary>
    public int Count { get; }

    /// <summary>The class of what stands beyond the text.</summary>
    public int Outside => Count - 2;

    /// <summary>The class of what is not known yet.</summary>
    public int Unknown => Count - 1;

    /// <summary>The class of a byte.</summary>
    public byte this[byte value] => _ofByte[value];
}
