using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>Tables of 128 bytes, two vectors each, that begin where lines of the cache do: a load of 64 bytes from anywhere else takes two.
/// Immutable.</summary>
internal sealed class AlignedTables
{
    /// <summary>Bytes of a table: one for each of ASCII.</summary>
    public const int Size = 128;

    private const int Line = 64;

    private readonly byte[] _bytes;
    private readonly int _first;

    /// <param name="tables">The tables.</param>
    public AlignedTables(IReadOnlyList<byte[]> tables)
    {
        // Pinned, or it would be moved to where no line begins.
        _bytes = GC.AllocateArray<byte>((tables.Count * Size) + Line, pinned: true);
        _first = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0) & (Line - 1));
        for (var table = 0; table < tables.Count; table++)
        {
            tables[table].CopyTo(_bytes, _first + (table * Size));
        }
    }

    /// <summary>The lower half of the first table, behind which all others stand in their order.</summary>
    public ref Vector512<byte> First => ref Unsafe.As<byte, Vector512<byte>>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), _first));
}
