using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Folding;

/// <content>Rows of plain text with a sign or an accent now and then, as most texts outside ASCII are.</content>
internal sealed partial class FoldedText
{
    /// <summary>
    /// Appends what a text begins with, as long as it is plain ASCII or, like quotes, dashes and letters with an accent, becomes it character by
    /// character. It is told while it is copied, by vectors: of the last bytes of a text, and without vectors, nothing is taken.
    /// </summary>
    /// <returns>How many bytes of the text were taken.</returns>
    internal int AppendRow(ReadOnlySpan<byte> text, int original)
    {
        if (!Vector256.IsHardwareAccelerated || Simd.Level < SimdLevel.Bits256 || text.Length < Vector256<byte>.Count)
        {
            return 0;
        }

        ref var to = ref MemoryMarshal.GetReference(Reserve(text.Length));
        ref var from = ref MemoryMarshal.GetReference(text);
        var (at, same, written) = (0, 0, 0);
        while (at <= text.Length - Vector256<byte>.Count)
        {
            var bytes = Vector256.LoadUnsafe(ref from, (nuint)at);
            var refused = PlainAscii.Refused(bytes);
            PlainAscii.Lower(bytes).StoreUnsafe(ref to, (nuint)written);
            var plain = refused == Vector256<byte>.Zero
                ? Vector256<byte>.Count : BitOperations.TrailingZeroCount(refused.ExtractMostSignificantBits());
            (at, written) = (at + plain, written + plain);
            if (plain == Vector256<byte>.Count)
            {
                continue;
            }

            if (text[at] < 0x80 || LetterPairs.MayBegin(text[at])
                || (uint)FoldTable.Find(CodePoint.Read(text, at, out var width)) is var entry && entry >= 0x80)
            {
                break;
            }

            Unsafe.Add(ref to, written++) = (byte)entry;
            EndSame(original + same, at - same);
            Extend(1, original + at, width, isLinear: false);
            _length++;
            at += width;
            same = at;
        }

        EndSame(original + same, at - same);

        // What was copied of more than was taken.
        _bytes.AsSpan(_length, Math.Min(Vector256<byte>.Count, _bytes.Length - _length)).Clear();
        return at;
    }

    // The bytes are there already.
    private void EndSame(int original, int count)
    {
        if (count > 0)
        {
            Extend(count, original, count, isLinear: true);
            _length += count;
        }
    }
}
