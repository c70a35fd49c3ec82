namespace LlmGuard.Scanning.Keywords;

/// <summary>Keywords by their bytes. Immutable once built.</summary>
internal sealed class KeywordTrie
{
    // Shorter keywords have no window for the filter.
    private const int ShortestFiltered = 4;

    private readonly Dictionary<long, int> _edges = [];
    private readonly List<int> _rules = [-1];
    private readonly byte[] _map;
    private readonly ShortKeywords _short;
    private readonly KeywordFilter _filter;

    /// <param name="keywords">Bytes and rule numbers; of equal keywords the first counts.</param>
    /// <param name="map">What the bytes of a text are read as; the keywords are made of such.</param>
    public KeywordTrie(IEnumerable<(byte[] Bytes, int Rule)> keywords, byte[] map)
    {
        _map = map;
        var all = new List<byte[]>();
        foreach (var (bytes, rule) in keywords)
        {
            all.Add(bytes);
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

        _short = new ShortKeywords([.. all.Where(k => k.Length < ShortestFiltered)], map);
        _filter = new KeywordFilter([.. all.Where(k => k.Length >= ShortestFiltered)]);
    }

    /// <summary>Bytes of the longest keyword.</summary>
    public int Longest { get; }

    /// <summary>Adds the offsets where a keyword may begin to a list, in no order and some twice.</summary>
    public void FindStarts(ReadOnlySpan<byte> text, List<int> starts, ref long steps)
    {
        for (var at = _filter.Next(text, 0, out var distances); at < text.Length; at = _filter.Next(text, at + 1, out distances))
        {
            foreach (var distance in distances)
            {
                steps++;
                if (distance <= at)
                {
                    starts.Add(at - distance);
                }
            }
        }

        if (!_short.IsEmpty)
        {
            _short.FindStarts(text, starts);
        }
    }

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
            if (!_edges.TryGetValue(Key(node, _map[text[i]]), out node))
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

    /// <summary>The node a byte leads to, from 0 at the start; -1 when no keyword goes on so.</summary>
    public int Step(int node, byte value) => _edges.GetValueOrDefault(Key(node, _map[value]), -1);

    /// <summary>The rule whose keyword ends at a node, or -1.</summary>
    public int RuleAt(int node) => _rules[node];

    private static long Key(int node, byte b) => ((long)node << 8) | b;
}
