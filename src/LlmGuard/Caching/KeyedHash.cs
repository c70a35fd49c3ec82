using System.Runtime.InteropServices;

namespace LlmGuard.Caching;

/// <summary>
/// A hash of 128 bits under a random key of this process. Whoever finds two texts with one hash could have the one pass for the other, which is why it is a
/// message authentication code: without the key a collision cannot be searched for, and guessing one succeeds once in 2^128 tries. Thread-safe.
/// </summary>
internal abstract class KeyedHash
{
    /// <summary>Headers are a multiple of this many bytes, so that they need not be joined with what follows.</summary>
    public const int Block = 32;

    /// <summary>The fastest this processor has.</summary>
    public static KeyedHash Create() => AegisHash.IsSupported ? new AegisHash() : new HmacHash();

    /// <summary>Hashes a header and a text that follows it.</summary>
    /// <param name="header">A multiple of <see cref="Block"/> bytes, of which the first block tells how many there are.</param>
    /// <param name="text">The text.</param>
    public abstract UInt128 Of(ReadOnlySpan<byte> header, ReadOnlySpan<byte> text);

    /// <summary>Hashes two hashes and two numbers.</summary>
    /// <param name="purpose">What for: hashes of different purposes are independent of one another.</param>
    /// <param name="first">A hash.</param>
    /// <param name="second">A hash.</param>
    /// <param name="number">A number.</param>
    public UInt128 Of(HashPurpose purpose, UInt128 first, UInt128 second, ulong number)
    {
        Span<ulong> header = stackalloc ulong[2 * Block / sizeof(ulong)];
        header.Clear();
        header[0] = ~(ulong)purpose;
        header[1] = number;
        header[4] = (ulong)first;
        header[5] = (ulong)(first >> 64);
        header[6] = (ulong)second;
        header[7] = (ulong)(second >> 64);
        return Of(MemoryMarshal.AsBytes(header), default);
    }
}

/// <summary>What a hash of hashes stands for. Never 0, and complemented in the header, where a segment's begins with a small number.</summary>
internal enum HashPurpose : ulong
{
    /// <summary>Parts that are read as one text.</summary>
    Joined = 1,

    /// <summary>What an entry found clean.</summary>
    Entry = 2,
}
