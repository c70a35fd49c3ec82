namespace LlmGuard.Scanning.Patterns;

/// <summary>Works out the rows of bytes with which something in a pattern can begin.</summary>
internal static class PatternHeads
{
    private const int MaxRows = 64;

    private static readonly bool[] Any = [.. Enumerable.Repeat(true, 256)];

    /// <summary>All rows of so many sets of bytes with which the nodes, one after the other, can begin; null when there are too many.</summary>
    public static List<bool[][]>? Of(IEnumerable<PatternNode> nodes, int length)
    {
        var rows = new List<bool[][]>();
        return TryAdd(new Rest(nodes), [], length, rows) ? rows : null;
    }

    /// <summary>The bytes that a character of a set can consist of.</summary>
    public static void AddBytes(CharSet set, bool[] bytes)
    {
        for (var value = 0; value < 256; value++)
        {
            bytes[value] |= value < 0x80 ? set.Contains(value) : set.MayHoldNonAscii;
        }
    }

    private static bool TryAdd(Rest rest, bool[][] begun, int length, List<bool[][]> rows)
    {
        if (begun.Length == length || rest.IsEmpty)
        {
            rows.Add([.. begun, .. Enumerable.Repeat(Any, length - begun.Length)]);
            return rows.Count <= MaxRows;
        }

        var (node, next) = rest.Take();
        switch (node)
        {
            case PatternNode.One one:
                return TryAddOne(one.Set, next, begun, length, rows);
            case PatternNode.At:
                return TryAdd(next, begun, length, rows);
            case PatternNode.Sequence sequence:
                return TryAdd(next.After(sequence.Items), begun, length, rows);
            case PatternNode.Choice choice:
                return choice.Items.All(item => TryAdd(next.After([item]), begun, length, rows));
            case PatternNode.Repeat repeat:
                var again = repeat with { Min = Math.Max(0, repeat.Min - 1), Max = repeat.Max - 1 };
                return !repeat.Item.IsNullable
                    && (repeat.Min > 0 || TryAdd(next, begun, length, rows))
                    && (repeat.Max == 0 || TryAdd(next.After(again.Max == 0 ? [repeat.Item] : [repeat.Item, again]), begun, length, rows));
            default:
                return false;
        }
    }

    // How many bytes a character outside ASCII has is not known, so whatever comes behind it may stand anywhere.
    private static bool TryAddOne(CharSet set, Rest next, bool[][] begun, int length, List<bool[][]> rows)
    {
        var ascii = new bool[256];
        for (var value = 0; value < 0x80; value++)
        {
            ascii[value] = set.Contains(value);
        }

        return (!ascii.Contains(true) || TryAdd(next, [.. begun, ascii], length, rows))
            && (!set.MayHoldNonAscii || TryAdd(default, [.. begun, [.. Enumerable.Range(0, 256).Select(value => value >= 0x80)]], length, rows));
    }

    /// <summary>The nodes that are still to come, as a list that shares its tail.</summary>
    private readonly struct Rest
    {
        private readonly Link? _first;

        public Rest(IEnumerable<PatternNode> nodes) => _first = default(Rest).After(nodes)._first;

        private Rest(Link? first) => _first = first;

        public bool IsEmpty => _first is null;

        public (PatternNode Node, Rest Next) Take() => (_first!.Node, new Rest(_first.Next));

        public Rest After(IEnumerable<PatternNode> nodes)
        {
            var first = _first;
            foreach (var node in nodes.Reverse())
            {
                first = new Link(node, first);
            }

            return new Rest(first);
        }

        private sealed record Link(PatternNode Node, Link? Next);
    }
}
