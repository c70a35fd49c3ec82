using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Remembers words that resemble no keyword, so that a word that comes again is not compared again. For one thread at a time.</summary>
/// <remarks>
/// It keeps hashes of 64 bits under a key of the process, and no text. Only a word whose hash is that of a clean one would be passed over, which
/// nobody can bring about without the key. A word has two slots. Where many keywords make it costly to forget one, it grows with the words it is
/// given.
/// </remarks>
internal sealed class CleanWordCache
{
    private const int Size = 4096;
    private const int Largest = 32 * 1024;
    private const int Head = sizeof(ulong);

    // Words of so many bytes are two numbers.
    private const int Short = 2 * Head;

    // The lowest bits of a hash tell what is known of the word. An empty slot has none of them, and no word is all zeros above them but by an
    // accident.
    private const ulong Marks = 3;
    private const ulong IsNothing = 1;
    private const ulong IsWithin = 2;

    private static readonly ulong Key = NewKey();
    private static readonly ulong Factor = NewKey() | 1;

    // By length: which bytes of the first eight, and of the next eight, are the word's.
    private static readonly (ulong First, ulong Second)[] Masks =
        [.. Enumerable.Range(0, Short + 1).Select(static length => (Mask(length), Mask(length - Head)))];

    private readonly int _largest;
    private ulong[] _hashes = new ulong[Size];
    private int _forgotten;

    /// <param name="mayGrow">Whether it may grow beyond its first size.</param>
    public CleanWordCache(bool mayGrow = false) => _largest = mayGrow ? Largest : Size;

    /// <summary>The hash of a word.</summary>
    /// <param name="word">The word, in which no byte is zero.</param>
    public static ulong Hash(ReadOnlySpan<byte> word)
    {
        if (word.Length > Short)
        {
            return HashLong(word);
        }

        Span<byte> padded = stackalloc byte[Short];
        padded.Clear();
        word.CopyTo(padded);
        return Hash(BinaryPrimitives.ReadUInt64LittleEndian(padded), BinaryPrimitives.ReadUInt64LittleEndian(padded[Head..]));
    }

    /// <summary>The hash of a word in a text. Most words take the same way, whatever their length.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the word starts, of which no byte is zero.</param>
    /// <param name="end">Where it ends.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ReadOnlySpan<byte> text, int start, int end)
    {
        var length = end - start;
        if ((uint)length > Short || (ulong)(uint)start + Short > (uint)text.Length)
        {
            return Hash(text[start..end]);
        }

        ref var mask = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Masks), length);
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), start);
        return Hash(Little(ref first) & mask.First, Little(ref Unsafe.Add(ref first, Head)) & mask.Second);
    }

    // Behind a short word stand zeros, of which it has none itself, so that no two words are the same two numbers.
    private static ulong Hash(ulong first, ulong second) => (Mix(Mix(Key, first), second) & ~Marks) | IsNothing;

    private static ulong HashLong(ReadOnlySpan<byte> word)
    {
        // By itself, since otherwise words of two lengths could be chosen whose letters make up for the difference.
        var hash = Mix(Key, (ulong)word.Length);
        for (; word.Length > Short; word = word[Head..])
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(word));
        }

        hash = Mix(Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(word)), BinaryPrimitives.ReadUInt64LittleEndian(word[^Head..]));
        return (hash & ~Marks) | IsNothing;
    }

    private static ulong Little(ref byte first) =>
        Unsafe.ReadUnaligned<ulong>(ref first) is var read && BitConverter.IsLittleEndian ? read : BinaryPrimitives.ReverseEndianness(read);

    private static ulong Mask(int bytes) => bytes <= 0 ? 0 : ulong.MaxValue >> (64 - (8 * Math.Min(bytes, Head)));

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong hash, ulong value)
    {
        var high = Math.BigMul(hash ^ value, Factor, out var low);
        return high ^ low ^ Key;
    }

    private static ulong NewKey() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
}
