using System.Buffers.Binary;

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

    /// <summary>Hashes two hashes.</summary>
    /// <param name="purpose">What for: no input of one purpose is one of another.</param>
    /// <param name="first">A hash.</param>
    /// <param name="second">A hash.</param>
    public UInt128 Of(HashPurpose purpose, UInt128 first, UInt128 second)
    {
        Span<byte> header = stackalloc byte[2 * Block];
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, ~(ulong)purpose);
        BinaryPrimitives.WriteUInt128LittleEndian(header[Block..], first);
        BinaryPrimitives.WriteUInt128LittleEndian(header[(Block + 16)..], second);
        return Of(header, default);
    }
}

/// <summary>
/// What a hash of hashes stands for. Never 0, and complemented in the header, where a segment's begins with a small number and a caller's with 0.
/// </summary>
internal enum HashPurpose : ulong
{
    /// <summary>Parts that are read as one text.</summary>
    Joined = 1,
}
