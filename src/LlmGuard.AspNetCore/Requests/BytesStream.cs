using System.Runtime.InteropServices;

namespace LlmGuard.AspNetCore.Requests;

/// <summary>Makes streams over bytes that are in memory.</summary>
internal static class BytesStream
{
    /// <summary>A stream that can be rewound and not written.</summary>
    public static MemoryStream Over(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);
}
