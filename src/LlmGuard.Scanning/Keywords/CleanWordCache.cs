using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Remembers words that resemble no keyword, so that a word that comes again is not compared again. For one thread at a time.</summary>
/// <remarks>
/// It keeps hashes of 64 bits under a key of the process, and no text. Only a word whose hash is that of a clean one would be passed over, which
/// nobody can bring about without the key. A word has two slots. Where many keywords make it costly to forget one, it grows with the words it is given.
/// </remarks>
internal sealed class CleanWordCache
{
    private const int Size = 4096;
    private const int Largest = 32 * 1024;

    // The lowest bits of a hash tell what is known of the word. An empty slot has none of them, and no word is all zeros above them but by an accident.
    private const ulong Marks = 3;
    private const ulong IsNothing = 1;
    private const ulong IsWithin = 2;

    private static readonly ulong Key = NewKey();
    private static readonly ulong Factor = NewKey() | 1;

    private readonly int _largest;
    private ulong[] _hashes = new ulong[Size];
    private int _forgotten;

    /// <param name="mayGrow">Whether it may grow beyond its first size.</param>
    public CleanWordCache(bool mayGrow = false) => _largest = mayGrow ? Largest : Size;

    /// <summary>The hash of a word.</summary>
    public static ulong Hash(ReadOnlySpan<byte> word)
    {
        // By itself, since otherwise words of two lengths could be chosen whose letters make up for the difference.
        var hash = Mix(Key, (ulong)word.Length);
        if (word.Length >= 8)
        {
            for (; word.Length > 16; word = word[8..])
            {
                hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(word));
            }

            hash = Mix(Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(word)), BinaryPrimitives.ReadUInt64LittleEndian(word[^8..]));
        }
        else if (word.Length >= 4)
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt32LittleEndian(word) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(word[^4..]) << 32));
        }
        else if (word.Length > 0)
        {
            hash = Mix(hash, word[0] | ((ulong)word[word.Length / 2] << 8) | ((ulong)word[^1] << 16));
        }

        return (hash & ~Marks) | IsNothing;
    }

    /// <summary>Whether the word resembles nothing.</summary>
    public bool Contains(ulong hash)
    {
        var slot = Slot(hash);
        return _hashes[slot] == hash || _hashes[slot ^ 1] == hash;
    }

    /// <summary>Whether the word resembles nothing, or only words within phrases.</summary>
    public bool BeginsNothing(ulong hash)
    {
        var slot = Slot(hash);
        return (_hashes[slot] | Marks) == (hash | Marks) || (_hashes[slot ^ 1] | Marks) == (hash | Marks);
    }

    /// <summary>Remembers a word; of those in its slots the older one makes room.</summary>
    public void Add(ulong hash)
    {
        var slot = Slot(hash);
        if (_hashes[slot ^ 1] != 0 && _hashes[slot] != 0 && ++_forgotten > _hashes.Length && _hashes.Length < _largest)
        {
            (_hashes, _forgotten) = (new ulong[_hashes.Length * 2], 0);
            slot = Slot(hash);
        }

        (_hashes[slot], _hashes[slot ^ 1]) = (hash, _hashes[slot]);
    }

    /// <summary>Remembers a word that resembles only words within phrases.</summary>
    public void AddWithin(ulong hash) => Add((hash & ~Marks) | IsWithin);

    private int Slot(ulong hash) => (int)(hash >> 48) & (_hashes.Length - 1);

    private static ulong Mix(ulong hash, ulong value)
    {
        var high = Math.BigMul(hash ^ value, Factor, out var low);
        return high ^ low ^ Key;
    }

    private static ulong NewKey() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
}
