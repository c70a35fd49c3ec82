using System.Buffers.Binary;

namespace LlmGuard.Caching;

/// <summary>
/// A hash of 128 bits under a random key of this instance. Whoever finds two inputs with one hash could have the one pass for the other, so the key
/// never leaves the process, nor do hashes: nobody can search for two, and for inputs chosen without them a pair is met once in 2^128 tries, divided
/// by the number of blocks of the longer. Thread-safe.
/// </summary>
internal abstract class KeyedHash
{
    /// <summary>Headers are a multiple of this many bytes, so that they need not be joined with what follows.</summary>
    public const int Block = 64;

    /// <summary>The first bytes of a header, which are not the caller's: the length of the text goes there.</summary>
    public const int Reserved = sizeof(int);

    /// <summary>The fastest this processor has.</summary>
    public static KeyedHash Create() => PolyvalHash.IsSupported ? new PolyvalHash() : new HmacHash();

    /// <summary>Hashes a header and a text that follows it.</summary>
    /// <param name="header">A multiple of <see cref="Block"/> bytes, of which the first block tells how many there are. Its <see cref="Reserved"/>
    /// bytes are written to.</param>
    /// <param name="text">The text.</param>
    public UInt128 Of(Span<byte> header, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, text.Length);
        return Compute(header, text);
    }

    /// <summary>
    /// Hashes two hashes, which another instance has made (or this one in this way, the first): its key must not have gone into the second.
    /// </summary>
    /// <param name="first">A hash.</param>
    /// <param name="second">A hash.</param>
    public UInt128 Of(UInt128 first, UInt128 second)
    {
        Span<byte> header = stackalloc byte[Block];
        header.Clear();
        BinaryPrimitives.WriteUInt128LittleEndian(header[16..], first);
        BinaryPrimitives.WriteUInt128LittleEndian(header[32..], second);
        return Compute(header, default);
    }

    /// <summary>Hashes a header, which tells how long it and the text are, and the text, as if zeros followed it up to a whole block.</summary>
    protected abstract UInt128 Compute(ReadOnlySpan<byte> header, ReadOnlySpan<byte> text);
}
