using System.Text;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Lexing;

/// <summary>Finds every occurrence of many short literals in one pass. Immutable.</summary>
/// <remarks>
/// A bitmap of the first two bytes says where to look, and one of the third where two of them are a whole script; few literals share three, so that
/// the work is linear in the text with a small factor. Where the literals begin in few ways, vectors pass over what is none of them.
/// </remarks>
/// <typeparam name="T">What a literal means.</typeparam>
internal sealed class LiteralSet<T>
{
    /// <summary>Beginnings from which on a filter lets nearly everything pass.</summary>
    private const int MostFiltered = 2 * ByteFilter.MaxRows;

    private const int ThirdBits = 14;

    private readonly ulong[] _openings = new ulong[1024];
    private readonly ulong[] _thirds = new ulong[(1 << ThirdBits) / 64];
    private readonly Dictionary<int, (byte[] Text, T Meaning)[]> _literals;
    private readonly Dictionary<int, (byte[] Text, T Meaning)[]> _shortest;
    private readonly ByteFilter? _filter;

    /// <param name="groups">Literals of at least two ASCII bytes in lower case, and their meaning. A literal that is given twice keeps its first
    /// meaning.</param>
    public LiteralSet(params IReadOnlyList<(IReadOnlyList<string> Literals, T Meaning)> groups)
    {
        (byte[] Text, T Meaning)[] all =
        [
            .. groups.SelectMany(g => g.Literals.Select(l => (Text: Encoding.UTF8.GetBytes(l), g.Meaning)))
                .DistinctBy(l => Convert.ToHexString(l.Text)),
        ];
        _shortest = Group(all.Where(static l => l.Text.Length == 2), static text => Opening(text, 0));
        _literals = Group(all.Where(static l => l.Text.Length > 2), static text => Key(Opening(text, 0), text[2]));
        foreach (var literal in all)
        {
            var opening = Opening(literal.Text, 0);
            _openings[opening >> 6] |= 1UL << (opening & 63);

            // Behind one of two bytes anything may stand.
            var (first, last) = literal.Text.Length > 2 ? ((int)literal.Text[2], (int)literal.Text[2]) : (0, 255);
            for (var third = first; third <= last; third++)
            {
                var slot = Third(opening, third);
                _thirds[slot >> 6] |= 1UL << (slot & 63);
            }
        }

        var rows = all.Select(l => l.Text[..Math.Min(l.Text.Length, NibbleTables.Places)])
            .DistinctBy(Convert.ToHexString).OrderBy(Convert.ToHexString, StringComparer.Ordinal).ToArray();
        var perRow = (rows.Length + ByteFilter.MaxRows - 1) / ByteFilter.MaxRows;
        _filter = rows.Length is > 0 and <= MostFiltered ? new ByteFilter([.. rows.Chunk(perRow).Select(Row)]) : null;
    }

    /// <summary>
    /// The first offset, from the given one, where a literal stands; -1 when there is none. The longest literal of a place is reported.
    /// </summary>
    /// <param name="text">The text, its ASCII letters in lower case.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="length">Receives the literal's length.</param>
    /// <param name="meaning">Receives its meaning.</param>
    public int Find(ReadOnlySpan<byte> text, int from, out int length, out T meaning)
    {
        for (var at = from; at < text.Length - 1; at++)
        {
            at = _filter?.Next(text, at) ?? at;
            if (at >= text.Length - 1)
            {
                break;
            }

            var opening = Opening(text, at);
            if ((_openings[opening >> 6] & (1UL << (opening & 63))) == 0 || !MayGoOn(text, at, opening))
            {
                continue;
            }

            if ((at + 2 < text.Length && TryFind(_literals, Key(opening, text[at + 2]), text[at..], out length, out meaning))
                || TryFind(_shortest, opening, text[at..], out length, out meaning))
            {
                return at;
            }
        }

        (length, meaning) = (0, default!);
        return -1;
    }

    private static bool TryFind(
        Dictionary<int, (byte[] Text, T Meaning)[]> literals, int key, ReadOnlySpan<byte> text, out int length, out T meaning)
    {
        if (literals.Count > 0 && literals.TryGetValue(key, out var alike))
        {
            foreach (var literal in alike)
            {
                if (text.StartsWith(literal.Text))
                {
                    (length, meaning) = (literal.Text.Length, literal.Meaning);
                    return true;
                }
            }
        }

        (length, meaning) = (0, default!);
        return false;
    }

    // The longest of those that share a key come first.
    private static Dictionary<int, (byte[] Text, T Meaning)[]> Group(IEnumerable<(byte[] Text, T Meaning)> literals, Func<byte[], int> key) =>
        literals.GroupBy(l => key(l.Text)).ToDictionary(static g => g.Key, static g => g.OrderByDescending(static l => l.Text.Length).ToArray());

    private static int Key(int opening, byte third) => (opening << 8) | third;

    // What may stand at the first places of any of some literals. Behind one of fewer bytes anything may.
    private static bool[][] Row(byte[][] literals) => [.. Enumerable.Range(0, NibbleTables.Places).Select(place =>
        Enumerable.Range(0, 256).Select(b => literals.Any(l => place >= l.Length || l[place] == b)).ToArray())];

    private bool MayGoOn(ReadOnlySpan<byte> text, int at, int opening)
    {
        if (at + 2 >= text.Length)
        {
            return true;
        }

        var slot = Third(opening, text[at + 2]);
        return (_thirds[slot >> 6] & (1UL << (slot & 63))) != 0;
    }

    private static int Third(int opening, int third) => (int)((uint)((opening << 8) | third) * 0x9E3779B1u >> (32 - ThirdBits));

    private static int Opening(ReadOnlySpan<byte> text, int at) => (text[at] << 8) | text[at + 1];
}
