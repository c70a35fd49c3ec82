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

    private static readonly ulong Key = NewKey();
    private static readonly ulong Factor = NewKey() | 1;

    private readonly ulong[] _hashes = new ulong[Size];

    /// <summary>The hash of a word, never 0.</summary>
    public static ulong Hash(ReadOnlySpan<byte> word)
    {
        var hash = Key ^ (ulong)word.Length;
        for (; word.Length >= 8; word = word[8..])
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(word));
        }

        var rest = 0UL;
        foreach (var value in word)
        {
            rest = (rest << 8) | value;
        }

        return Mix(hash, rest) | 1;
    }

    public bool Contains(ulong hash) => _hashes[Slot(hash)] == hash;

    /// <summary>Remembers a word in place of whichever had its slot.</summary>
    public void Add(ulong hash) => _hashes[Slot(hash)] = hash;

    private static int Slot(ulong hash) => (int)(hash >> 52);

    private static ulong Mix(ulong hash, ulong value)
    {
        var high = Math.BigMul(hash ^ value, Factor, out var low);
        return high ^ low ^ Key;
    }

    private static ulong NewKey() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
}
