using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Remembers words that resemble no keyword, so that a word that comes again is not compared again. For one thread at a time.</summary>
/// <remarks>
/// It keeps hashes of 64 bits under a key of the process, and no text. Only a word whose hash is that of a clean one would be passed over, which
/// nobody can bring about without the key.
/// </remarks>
internal sealed class CleanWordCache
{
    private const int Size = 4096;

    // The lowest bits of a hash tell what is known of the word. An empty slot has none of them, and no word is all zeros above them but by an accident.
    private const ulong Marks = 3;
    private const ulong IsNothing = 1;
    private const ulong IsWithin = 2;

    private static readonly ulong Key = NewKey();
    private static readonly ulong Factor = NewKey() | 1;

    private readonly ulong[] _hashes = new ulong[Size];

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
    public bool Contains(ulong hash) => _hashes[Slot(hash)] == hash;

    /// <summary>Whether the word resembles nothing, or only words within phrases.</summary>
    public bool BeginsNothing(ulong hash) => (_hashes[Slot(hash)] | Marks) == (hash | Marks);

    /// <summary>Remembers a word in place of whichever had its slot.</summary>
    public void Add(ulong hash) => _hashes[Slot(hash)] = hash;

    /// <summary>Remembers a word that resembles only words within phrases.</summary>
    public void AddWithin(ulong hash) => _hashes[Slot(hash)] = (hash & ~Marks) | IsWithin;

    private static int Slot(ulong hash) => (int)(hash >> 52);

    private static ulong Mix(ulong hash, ulong value)
    {
        var high = Math.BigMul(hash ^ value, Factor, out var low);
        return high ^ low ^ Key;
    }

    private static ulong NewKey() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
}
