using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Lexing.Code;

/// <summary>
/// Tells in one pass which of up to 128 marks stand in a text. Each is looked for by the two of its bytes that are met least. Immutable.
/// </summary>
internal sealed class LanguageMarks
{
    private const int Window = sizeof(ushort);
    private const int SlotBits = 12;

    private readonly byte[][] _marks;
    private readonly int[] _windows;

    // The first mark whose window has a hash, counted from one, and those that share it with another mark.
    private readonly byte[] _slots = new byte[1 << SlotBits];
    private readonly byte[] _next;

    /// <param name="marks">The marks, of at least two bytes each.</param>
    public LanguageMarks(byte[][] marks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(marks.Length, 128, nameof(marks));
        (_marks, _next) = (marks, new byte[marks.Length + 1]);
        _windows = [.. marks.Select(static mark => ByteRarity.RarestWindow(mark, Window))];
        for (var mark = 0; mark < marks.Length; mark++)
        {
            ref var slot = ref _slots[Slot(ref marks[mark][_windows[mark]])];
            (_next[mark + 1], slot) = (slot, (byte)(mark + 1));
        }
    }

    /// <summary>One bit for each mark, set where it stands in a text.</summary>
    public UInt128 Find(ReadOnlySpan<byte> text)
    {
        var found = UInt128.Zero;
        ref var bytes = ref MemoryMarshal.GetReference(text);
        for (var at = 0; at < text.Length - 1; at++)
        {
            for (var mark = _slots[Slot(ref Unsafe.Add(ref bytes, at))]; mark != 0; mark = _next[mark])
            {
                var start = at - _windows[mark - 1];
                if (start >= 0 && text[start..].StartsWith(_marks[mark - 1]))
                {
                    found |= UInt128.One << (mark - 1);
                }
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(ref byte window) => (int)((uint)Unsafe.ReadUnaligned<ushort>(ref window) * 0x9E3779B1u >> (32 - SlotBits));
}
