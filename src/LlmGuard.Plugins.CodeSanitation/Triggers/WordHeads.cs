using System.Runtime.CompilerServices;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Tells of 64 offsets at once at which ones the first four bytes may be those of one of some words, or a short word and its end. Says "perhaps" too
/// often and "no" never wrongly; where there are no vectors, always "perhaps". Immutable.
/// </summary>
internal sealed class WordHeads
{
    private readonly NibbleTables _tables;
    private readonly NibbleTables _more;

    /// <param name="words">The words, of ASCII letters and digits.</param>
    public WordHeads(IEnumerable<string> words)
    {
        var buckets = new RowBuckets(words.Select(RowOf), 2 * NibbleTables.Buckets);
        (_tables, _more) = (buckets.Tables(0), buckets.Tables(NibbleTables.Buckets));
    }

    /// <summary>One bit for each of 64 offsets; three more bytes are loaded.</summary>
    /// <param name="here">The first of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Judge(ref byte here) => NibbleTables.Find(_tables, _more, ref here);

    // The bytes of the word, then any that ends it, then whatever follows.
    private static ByteRow RowOf(string word)
    {
        var row = default(ByteRow);
        for (var place = 0; place < NibbleTables.Places; place++)
        {
            for (var value = 0; value < 256; value++)
            {
                if (place < word.Length ? char.ToLowerInvariant((char)value) == char.ToLowerInvariant(word[place]) && value < 0x80
                    : place > word.Length || !char.IsAsciiLetterOrDigit((char)value))
                {
                    row.Add(place, value);
                }
            }
        }

        return row;
    }
}
