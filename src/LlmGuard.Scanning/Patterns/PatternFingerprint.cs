using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Patterns;

/// <summary>Something that every match of a pattern holds, and the bytes of which what stands before it in the match is made. Immutable.</summary>
/// <remarks>It may only say that no match begins before some offset. Where nothing rare enough can be proven, there is no fingerprint.</remarks>
internal sealed class PatternFingerprint
{
    private const int LongestPrefix = 16;

    // Met more often than this it would stop the search at every other word.
    private const double Rare = 0.02;

    private readonly ByteFilter _filter;
    private readonly bool[] _prefix;

    private PatternFingerprint(List<bool[][]> rows, bool[] prefix)
    {
        (Rows, _filter) = (rows, new ByteFilter(rows));
        _prefix = prefix;
        HasPrefix = prefix.Contains(true);
    }

    /// <summary>The rows of which every match holds one: for each place and byte whether it may stand there.</summary>
    public IReadOnlyList<bool[][]> Rows { get; }

    private bool HasPrefix { get; }

    /// <summary>The rarest that can be proven, or null.</summary>
    public static PatternFingerprint? Find(PatternNode node)
    {
        var items = Flatten(node).ToArray();
        var prefix = new bool[256];
        var (best, least) = ((PatternFingerprint?)null, Rare);
        for (var i = 0; i < items.Length && i < LongestPrefix; i++)
        {
            if (RowsOf(items[i..]) is { Count: > 0 } rows && rows.Sum(Share) is var share && share < least)
            {
                (best, least) = (new PatternFingerprint(rows, [.. prefix]), share);
            }

            if (!TryAddBytes(items[i], prefix))
            {
                break;
            }
        }

        return best;
    }

    /// <summary>The first offset from one on where a match may begin.</summary>
    /// <param name="text">What is known of the text.</param>
    /// <param name="at">The offset to start at.</param>
    /// <param name="isEnd">Whether the text ends there; if not, what every match holds may still come.</param>
    /// <param name="until">The offset before which every offset from the result on is a possible beginning; kept by the caller for the next
    /// question.</param>
    /// <returns>The offset; the length of the text if there is none.</returns>
    public int Next(ReadOnlySpan<byte> text, int at, bool isEnd, out int until) => Next(text, at, _filter.Next(text, at), isEnd, out until);

    /// <summary>The same where somebody else knows at which place from the offset on a row stands first.</summary>
    /// <param name="text">The text as a whole.</param>
    /// <param name="at">The offset to start at.</param>
    /// <param name="found">The place; beyond the text where there is none.</param>
    /// <param name="until">As above.</param>
    public int NextOf(ReadOnlySpan<byte> text, int at, int found, out int until) =>
        Next(text, at, _filter.Known(text, at, found), isEnd: true, out until);

    /// <summary>Whether a row stands at a place that is followed by enough bytes; not, where too few follow.</summary>
    public bool StandsAt(ReadOnlySpan<byte> text, int at) => _filter.StandsAt(text, at);

    private int Next(ReadOnlySpan<byte> text, int at, int found, bool isEnd, out int until)
    {
        until = found;
        if (until >= text.Length && isEnd)
        {
            return text.Length;
        }

        var start = until;
        while (HasPrefix && start > at && _prefix[text[start - 1]])
        {
            start--;
        }

        until = Math.Min(until + 1, text.Length);
        return start;
    }

    // The longer the rows the rarer, and the more of them.
    private static List<bool[][]>? RowsOf(PatternNode[] items) =>
        PatternHeads.Of(items, 8) ?? PatternHeads.Of(items, 6) ?? PatternHeads.Of(items, NibbleTables.Places);

    private static IEnumerable<PatternNode> Flatten(PatternNode node) =>
        node is PatternNode.Sequence sequence ? sequence.Items.SelectMany(Flatten) : [node];

    private static bool TryAddBytes(PatternNode node, bool[] bytes)
    {
        switch (node)
        {
            case PatternNode.One one:
                PatternHeads.AddBytes(one.Set, bytes);
                return bytes.Contains(false);
            case PatternNode.At:
                return true;
            case PatternNode.Sequence sequence:
                return sequence.Items.All(item => TryAddBytes(item, bytes));
            case PatternNode.Choice choice:
                return choice.Items.All(item => TryAddBytes(item, bytes));
            case PatternNode.Repeat repeat:
                return TryAddBytes(repeat.Item, bytes);
            default:
                return false;
        }
    }

    private static double Share(bool[][] row)
    {
        var product = 1.0;
        foreach (var set in row)
        {
            var sum = 0;
            for (var value = 0; value < 256; value++)
            {
                sum += set[value] ? ByteRarity.Frequency((byte)value) : 0;
            }

            product *= Math.Min(1, sum / 10000.0);
        }

        return product;
    }
}
