using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Views;

/// <content>Rows of plain text with a sign or an accent now and then, as most texts outside ASCII are.</content>
internal sealed partial class ViewText
{
    /// <summary>
    /// Appends what a text begins with, as long as it stands for itself or, like quotes, dashes and letters with an accent, one character for one of
    /// ASCII. It is told while it is copied, by vectors: of the last bytes of a text, and without vectors, nothing is taken.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="original">Its offset in the original.</param>
    /// <param name="units">Receives how many characters were not copied.</param>
    /// <returns>How many bytes of the text were taken.</returns>
    public int AppendRow(ReadOnlySpan<byte> text, long original, out int units)
    {
        units = 0;
        if (!Vector256.IsHardwareAccelerated || Simd.Level < SimdLevel.Bits256 || text.Length <= Vector256<byte>.Count)
        {
            return 0;
        }

        Reserve(text.Length);
        ref var from = ref MemoryMarshal.GetReference(text);
        ref var to = ref _bytes[_first + _length];
        var (at, same, written) = (0, 0, 0);
        while (at < text.Length - Vector256<byte>.Count)
        {
            ref var here = ref Unsafe.Add(ref from, at);
            Vector256.LoadUnsafe(ref here).StoreUnsafe(ref to, (nuint)written);
            var ends = EscapeSigns.PerhapsNotPlain(ref here);
            var plain = ends == Vector256<byte>.Zero ? Vector256<byte>.Count : BitOperations.TrailingZeroCount(ends.ExtractMostSignificantBits());
            (at, written) = (at + plain, written + plain);
            if (plain == Vector256<byte>.Count)
            {
                continue;
            }

            if (text[at] < 0x80)
            {
                if (!EscapeSigns.IsPlain(text, at))
                {
                    break;
                }

                (at, written) = (at + 1, written + 1);
                continue;
            }

            if (LetterPairs.MayBegin(text[at]) || (uint)CasedFold.Find(CodePoint.Read(text, at, out var width)) is var entry && entry >= 0x80)
            {
                break;
            }

            Unsafe.Add(ref to, written++) = (byte)entry;
            EndSame(original + same, at - same);
            Add(original + at, original + at + width, Unit);
            _length++;
            EndUnit(original + at + width);
            at += width;
            same = at;
            units++;
        }

        EndSame(original + same, at - same);

        // What was copied of more than was taken.
        _bytes.AsSpan(_first + _length, Math.Min(Vector256<byte>.Count, _bytes.Length - _first - _length)).Clear();
        return at;
    }

    // The bytes are there already.
    private void EndSame(long original, int count)
    {
        if (count > 0)
        {
            GoOn(original, 0, 8);
            _length += count;
            Check(End - count, original, count);
        }
    }
}
