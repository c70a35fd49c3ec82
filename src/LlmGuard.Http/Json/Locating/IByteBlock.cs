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

    /// <summary>The bytes that are a value.</summary>
    ulong Equal(byte value);

    /// <summary>The bytes that are in a table, in the place that their low half says; there, some bits are set in every byte before.</summary>
    ulong InTable(Vector128<byte> table, byte bits);

    /// <summary>The bytes up to a value.</summary>
    ulong AtMost(byte value);

    /// <summary>The bytes from a value on.</summary>
    ulong AtLeast(byte value);
}
