using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Http.Json.Locating;

/// <summary>64 bytes of a text that are compared at once; bit i of every answer is byte i. One implementation for each width of vectors.</summary>
internal interface IByteBlock<TSelf>
    where TSelf : struct, IByteBlock<TSelf>
{
    /// <summary>Bytes of a block.</summary>
    const int Size = 64;

    /// <summary>Loads a block.</summary>
    /// <param name="first">Its first byte; the 63 that follow must be there too.</param>
    static abstract TSelf Load(ref byte first);

    /// <summary>Loads what is left of a text, and white space behind it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the block begins, less than its length before the end.</param>
    static virtual TSelf LoadEnd(ReadOnlySpan<byte> text, int at) => Padded(text, at);

    /// <summary>The same by way of memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static TSelf Padded(ReadOnlySpan<byte> text, int at)
    {
        Span<byte> end = stackalloc byte[Size];
        end.Fill((byte)' ');
        text[at..].CopyTo(end);
        return TSelf.Load(ref MemoryMarshal.GetReference(end));
    }

    /// <summary>The bytes that are a value.</summary>
    ulong Equal(byte value);

    /// <summary>The bytes that are in a table, in the place that their low half says; there, some bits are set in every byte before.</summary>
    ulong InTable(Vector128<byte> table, byte bits);

    /// <summary>
    /// The bytes that a backslash makes an escape of, whatever follows: quotes, backslashes, slashes and the letters of RFC 8259, section 7, but u.
    /// </summary>
    ulong Escapable();

    /// <summary>The bytes up to a value.</summary>
    ulong AtMost(byte value);

    /// <summary>The bytes from a value on.</summary>
    ulong AtLeast(byte value);

    /// <summary>Whether there are bytes from a value on.</summary>
    bool HasAtLeast(byte value);

    /// <summary>Whether there is one of two values that differ in their lowest bit.</summary>
    bool HasPair(byte even);
}
