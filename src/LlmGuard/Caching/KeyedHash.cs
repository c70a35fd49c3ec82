using System.Buffers.Binary;

namespace LlmGuard.Caching;

/// <summary>
/// A hash of 128 bits under a random key of this instance. Whoever finds two inputs with one hash could have the one pass for the other, so the key
/// never leaves the process, nor do hashes: nobody can search for two, and for inputs chosen without them a pair is met once in 2^128 tries, divided
/// by about the number of 2 KB that the longer has. Thread-safe.
/// </summary>
internal abstract class KeyedHash
{
    /// <summary>The fastest this processor has.</summary>
    public static KeyedHash Create() => PseudoDotHash.IsSupported ? new PseudoDotHash() : new HmacHash();

    /// <summary>Hashes a text and what comes before it.</summary>
    /// <param name="before">A hash that another instance has made (or this one in this way), or 0.</param>
    /// <param name="text">The text, whose length is part of the hash. Nothing that this instance's key has gone into.</param>
    public abstract UInt128 Of(UInt128 before, ReadOnlySpan<byte> text);

    /// <summary>Hashes two hashes.</summary>
    /// <param name="before">As above.</param>
    /// <param name="next">A hash that another instance has made.</param>
    public UInt128 Of(UInt128 before, UInt128 next)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, next);
        return Of(before, bytes);
    }
}
