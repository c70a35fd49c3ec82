using System.Buffers;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Keywords by their bytes. Immutable once built.</summary>
internal sealed class KeywordTrie
{
    private readonly Dictionary<int, int> _edges = [];
    private readonly List<int> _rules = [-1];

    /// <param name="keywords">Bytes and rule numbers; of equal keywords the first counts.</param>
    public KeywordTrie(IEnumerable<(byte[] Bytes, int Rule)> keywords)
    {
        var first = new HashSet<byte>();
        foreach (var (bytes, rule) in keywords)
        {
            first.Add(bytes[0]);
            var node = 0;
            foreach (var b in bytes)
            {
                if (!_edges.TryGetValue(Key(node, b), out var child))
                {
                    child = _rules.Count;
                    _rules.Add(-1);
                    _edges.Add(Key(node, b), child);
                }

                node = child;
            }

            _rules[node] = _rules[node] < 0 ? rule : _rules[node];
            Longest = Math.Max(Longest, bytes.Length);
        }

        FirstBytes = SearchValues.Create([.. first]);
    }

    /// <summary>Every byte a keyword starts with.</summary>
    public SearchValues<byte> FirstBytes { get; }

    /// <summary>Bytes of the longest keyword.</summary>
    public int Longest { get; }

    /// <summary>The longest keyword at an offset.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where it starts.</param>
    /// <param name="rule">Its rule, or -1.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    /// <param name="isOpen">Whether a keyword, or a longer one, could still be there if the text went on.</param>
    /// <returns>Its length, or 0.</returns>
    public int LongestAt(ReadOnlySpan<byte> text, int at, out int rule, ref long steps, out bool isOpen)
    {
        var (node, length) = (0, 0);
        rule = -1;
        for (var i = at; i < text.Length; i++)
        {
            steps++;
            if (!_edges.TryGetValue(Key(node, text[i]), out node))
            {
                isOpen = false;
                return length;
            }

            if (_rules[node] >= 0)
            {
                (rule, length) = (_rules[node], i + 1 - at);
            }
        }

        // Whatever ends with the text is open: a mark that follows would belong to its last character.
        isOpen = true;
        return length;
    }

    private static int Key(int node, byte b) => (node << 8) | b;
}
