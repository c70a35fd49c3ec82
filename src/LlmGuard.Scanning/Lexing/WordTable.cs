using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LlmGuard.Scanning.Lexing;

/// <summary>Words of ASCII in lower case (or of UTF-8) and what they mean, looked up by their bytes without making strings. Immutable.</summary>
/// <remarks>
/// Most words of a text are in no table, so the first question is one bit: of a hash of the bytes at both ends and the length. Tables hold words of
/// this library alone, so that nobody can choose words that collide in them.
/// </remarks>
/// <typeparam name="T">What a word means.</typeparam>
internal sealed class WordTable<T>
{
    // Bits per word of the filter, and places per word of the table.
    private const int FilterFactor = 16;
    private const int TableFactor = 2;

    private readonly ulong[] _filter;
    private readonly (byte[]? Word, T Meaning)[] _places;
    private readonly int _filterShift;
    private readonly int _mask;

    /// <summary>Makes a table. A word that is given twice keeps its first meaning.</summary>
    /// <param name="groups">Words separated by spaces, and their meaning. An underscore at the end of a group's word is part of it.</param>
    public WordTable(params (string Words, T Meaning)[] groups)
    {
        var words = groups.SelectMany(g => g.Words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => (Word: w, g.Meaning)))
            .DistinctBy(w => w.Word, StringComparer.Ordinal).Select(w => (Word: Encoding.UTF8.GetBytes(w.Word), w.Meaning)).ToArray();
        var bits = Math.Max(6, BitOperations.Log2((uint)Math.Max(1, words.Length * FilterFactor)) + 1);
        _filterShift = 64 - bits;
        _filter = new ulong[1 << (bits - 6)];
        _places = new (byte[]?, T)[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, words.Length * TableFactor))];
        _mask = _places.Length - 1;
        foreach (var (word, meaning) in words)
        {
            var hash = Hash(word);
            var bit = (int)(hash >> _filterShift);
            _filter[bit >> 6] |= 1UL << (bit & 63);
            var place = (int)hash & _mask;
            while (_places[place].Word is not null)
            {
                place = (place + 1) & _mask;
            }

            _places[place] = (word, meaning);
            Longest = Math.Max(Longest, word.Length);
        }
    }

    /// <summary>Bytes of the longest word.</summary>
    public int Longest { get; }

    /// <summary>Finds a word.</summary>
    public bool TryFind(ReadOnlySpan<byte> word, out T meaning)
    {
        var place = PlaceOf(word);
        meaning = place < 0 ? default! : _places[place].Meaning;
        return place >= 0;
    }

    /// <summary>Whether a word is in the table.</summary>
    public bool Contains(ReadOnlySpan<byte> word) => PlaceOf(word) >= 0;

    private int PlaceOf(ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty || word.Length > Longest)
        {
            return -1;
        }

        var hash = Hash(word);
        var bit = (int)(hash >> _filterShift);
        if ((_filter[bit >> 6] >> (bit & 63) & 1) == 0)
        {
            return -1;
        }

        for (var place = (int)hash & _mask; _places[place].Word is { } known; place = (place + 1) & _mask)
        {
            if (word.SequenceEqual(known))
            {
                return place;
            }
        }

        return -1;
    }

    // Eight bytes at either end, which overlap in short words, are all there is of a word of up to sixteen.
    private static ulong Hash(ReadOnlySpan<byte> word)
    {
        ref var bytes = ref MemoryMarshal.GetReference(word);
        var length = word.Length;
        var (head, tail) = length >= 8 ? (Unsafe.ReadUnaligned<ulong>(ref bytes), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, length - 8)))
            : length >= 4 ? (Unsafe.ReadUnaligned<uint>(ref bytes), Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, length - 4)))
            : ((ulong)bytes, (ulong)Unsafe.Add(ref bytes, length >> 1) << 8 | Unsafe.Add(ref bytes, length - 1));
        var hash = ((head * 0x9E3779B97F4A7C15UL) ^ BitOperations.RotateLeft(tail, 23) ^ ((ulong)length << 56)) * 0xD6E8FEB86659FD93UL;
        return hash ^ (hash >> 29);
    }
}
