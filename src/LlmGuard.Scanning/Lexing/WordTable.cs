using System.Text;

namespace LlmGuard.Scanning.Lexing;

/// <summary>Words of ASCII in lower case (or of UTF-8) and what they mean, looked up by their bytes without making strings. Immutable.</summary>
/// <typeparam name="T">What a word means.</typeparam>
internal sealed class WordTable<T>
{
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> _words;

    /// <summary>Makes a table. A word that is given twice keeps its first meaning.</summary>
    /// <param name="groups">Words separated by spaces, and their meaning. An underscore at the end of a group's word is part of it.</param>
    public WordTable(params (string Words, T Meaning)[] groups)
    {
        var words = new Dictionary<byte[], T>(WordBytes.Comparer);
        foreach (var (list, meaning) in groups)
        {
            foreach (var word in list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                var bytes = Encoding.UTF8.GetBytes(word);
                words.TryAdd(bytes, meaning);
                Longest = Math.Max(Longest, bytes.Length);
            }
        }

        _words = words.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Bytes of the longest word.</summary>
    public int Longest { get; }

    /// <summary>Finds a word.</summary>
    public bool TryFind(ReadOnlySpan<byte> word, out T meaning)
    {
        if (word.Length <= Longest && _words.TryGetValue(word, out var found))
        {
            meaning = found;
            return true;
        }

        meaning = default!;
        return false;
    }

    /// <summary>Whether a word is in the table.</summary>
    public bool Contains(ReadOnlySpan<byte> word) => word.Length <= Longest && _words.ContainsKey(word);
}
