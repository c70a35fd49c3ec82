using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Tells where one of some words may stand in a text: a row of ASCII letters and digits as long as the word, which ends where the word does. Case is
/// not looked at. Says "perhaps" too often and "no" never wrongly. Immutable.
/// </summary>
/// <remarks>
/// Vectors sort 64 bytes at a time into those of words and all others, and tell at which of them a word may begin (<see cref="WordHeads"/>). Every
/// row left of them is one number, of its length and its first eight bytes, and whether to look closer is one bit, found without a branch that could
/// be mispredicted.
/// </remarks>
internal sealed class WordFilter
{
    private const int Width = 64;
    private const int Head = sizeof(ulong);
    private const int Bits = 14;
    private const ulong AnyCases = 0x2020202020202020;

    private readonly ulong[] _hashes = new ulong[(1 << Bits) / 64];
    private readonly WordHeads _heads;

    /// <param name="words">The words, of ASCII letters and digits.</param>
    public WordFilter(IEnumerable<string> words)
    {
        words = [.. words];
        _heads = new WordHeads(words);
        Span<byte> head = stackalloc byte[Head];
        foreach (var word in words)
        {
            head.Clear();
            Encoding.ASCII.GetBytes(word.AsSpan(0, Math.Min(word.Length, Head)), head);
            var slot = Slot(MemoryMarshal.Read<ulong>(head), word.Length);
            _hashes[slot >> 6] |= 1UL << (slot & 63);
        }
    }

    /// <summary>Adds the offsets where a word may stand to a list, in order.</summary>
    public void Find(ReadOnlySpan<byte> text, List<int> starts)
    {
        var blocks = Math.Max(0, (text.Length / Width) - 1);
        var before = Find(ref MemoryMarshal.GetReference(text), blocks, 0, 0, starts);

        // Behind the end of the text there is nothing to load, so that the rest is looked at with blanks behind it.
        Span<byte> rest = stackalloc byte[3 * Width];
        rest.Clear();
        text[(blocks * Width)..].CopyTo(rest);
        Find(ref rest[0], 2, blocks * Width, before, starts);
    }

    /// <remarks>Optimised from the first call on: a long text is one call, which tiered compilation would take for a rare one.</remarks>
    /// <param name="here">The first byte of the blocks, behind which there is another one.</param>
    /// <param name="count">How many blocks there are.</param>
    /// <param name="offset">Their offset in the text.</param>
    /// <param name="before">1 when a word goes on from before.</param>
    /// <param name="starts">Receives offsets.</param>
    /// <returns>1 when a word goes on behind them.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Find(ref byte here, int count, int offset, ulong before, List<int> starts)
    {
        if (count == 0)
        {
            return before;
        }

        ref var hashes = ref MemoryMarshal.GetArrayDataReference(_hashes);
        var words = Sort(ref here);
        for (var block = 0; block < count; block++)
        {
            var next = Sort(ref Unsafe.Add(ref here, (block + 1) * Width));
            for (var left = words & ~((words << 1) | before) & _heads.Judge(ref Unsafe.Add(ref here, block * Width)); left != 0; left &= left - 1)
            {
                var at = BitOperations.TrailingZeroCount(left);
                var length = BitOperations.TrailingZeroCount(~((words >> at) | (next << 1 << (Width - 1 - at))));
                var slot = Slot(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref here, (block * Width) + at)), length);
                if ((Unsafe.Add(ref hashes, slot >> 6) >> (slot & 63) & 1) != 0)
                {
                    starts.Add(offset + (block * Width) + at);
                }
            }

            (before, words) = (words >> (Width - 1), next);
        }

        return before;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Sort(ref byte here)
    {
        var words = WordBytes.Alphanumeric.Sort(ref here, out var foreign);
        return words & ~foreign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(ulong head, int length)
    {
        var word = (head | AnyCases) & (ulong.MaxValue >> (Width - (8 * Math.Min(length, Head))));
        return (int)(((word + (ulong)length) * 0x9E3779B97F4A7C15UL) >> (64 - Bits));
    }
}
