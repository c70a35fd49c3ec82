using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Folds 64 bytes of letters of Cyrillic at once, from U+0400 to U+047F, with the few signs and digits of ASCII that stand between them. Immutable.
/// </summary>
/// <remarks>
/// Every byte is looked up where it stands: the first one of a letter together with the one behind it, the second with the one before. What is left
/// of a letter of one byte is nothing in place of its second, and all nothings are taken out at once.
/// </remarks>
internal sealed class LetterBlocks
{
    /// <summary>Bytes that are written over; one more is read.</summary>
    public const int Width = 64;

    private const int First = 0x400;
    private const int Letters = 128;
    private const byte Sign = 0x80;
    private const byte Digit = 0x40;

    private static readonly Vector512<byte> Places = Vector512.Create([.. Enumerable.Range(0, Width).Select(static i => (byte)i)]);

    private static readonly Vector512<byte> Before = Vector512.Create([.. Enumerable.Range(0, Width).Select(static i => (byte)(i - 1))]);

    private static readonly Vector512<byte> SignsBelow64 = Signs(0), SignsFrom64 = Signs(64);

    // What becomes of each letter, its first bytes and its second ones; a letter of one byte has no second, one that is not folded here neither.
    private readonly Vector512<byte> _first, _firstFrom64, _second, _secondFrom64;

    /// <param name="fold">The bytes of what a code point becomes: a letter of ASCII alone or two; none where it is not to be folded here.</param>
    public LetterBlocks(Func<int, (byte First, byte Second)> fold)
    {
        (byte First, byte Second)[] folded = [.. Enumerable.Range(First, Letters).Select(fold)];
        byte[] first = [.. folded.Select(static f => f.First)], second = [.. folded.Select(static f => f.Second)];
        (_first, _firstFrom64) = (Vector512.Create(first, 0), Vector512.Create(first, Width));
        (_second, _secondFrom64) = (Vector512.Create(second, 0), Vector512.Create(second, Width));
    }

    /// <summary>Whether the machine has what is needed, and it may be used.</summary>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512Vbmi.IsSupported && Avx512Vbmi2.IsSupported && Simd.Level >= SimdLevel.Bits512;
    }

    /// <summary>Folds the row that a text begins with, as far as 64 bytes tell.</summary>
    /// <param name="from">The text.</param>
    /// <param name="to">Receives the folded bytes; <see cref="Width"/> are written over, zeros behind those that count.</param>
    /// <param name="most">How many folded bytes there may be; where there are more, nothing is folded.</param>
    /// <param name="asksScript">Whether it ends before a word that may have to be read as one of its own script.</param>
    /// <param name="isInWord">Whether a word goes on; then whether one does behind what was folded.</param>
    /// <param name="written">Receives how many folded bytes there are.</param>
    /// <param name="isChanged">Receives whether any of them differs from the text.</param>
    /// <returns>How many bytes of the text were folded.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Fold(ReadOnlySpan<byte> from, ref byte to, int most, bool asksScript, ref bool isInWord, out int written, out bool isChanged)
    {
        Vector512<byte> text, next;
        if (from.Length > Width)
        {
            ref var start = ref MemoryMarshal.GetReference(from);
            (text, next) = (Vector512.LoadUnsafe(ref start), Vector512.LoadUnsafe(ref start, 1));
        }
        else
        {
            (text, next) = (PartialLoad.First(from, Vector512<byte>.Zero), PartialLoad.First(from[1..], Vector512<byte>.Zero));
        }

        var goesOn = Vector512.Equals(text & Vector512.Create((byte)0xC0), Vector512.Create((byte)0x80));

        // The lowest bit of a letter's first byte and the lower six bits of its second tell it from the others.
        var letter = ((text.AsUInt16() << 6).AsByte() & Vector512.Create((byte)0x40)) | (next & Vector512.Create((byte)0x3F));
        var letterBefore = Avx512Vbmi.PermuteVar64x8(letter, Before);
        var first = Avx512Vbmi.PermuteVar64x8x2(_first, letter, _firstFrom64);
        var second = Avx512Vbmi.PermuteVar64x8x2(_second, letter, _secondFrom64);
        var secondBefore = Avx512Vbmi.PermuteVar64x8x2(_second, letterBefore, _secondFrom64);
        var begins = Vector512.Equals(text & Vector512.Create((byte)0xFE), Vector512.Create((byte)0xD0))
            & Vector512.Equals(next & Vector512.Create((byte)0xC0), Vector512.Create((byte)0x80))
            & ~Vector512.Equals(first, Vector512<byte>.Zero);
        var kinds = Avx512Vbmi.PermuteVar64x8x2(SignsBelow64, text, SignsFrom64);

        // Of the last byte the one behind it is not here.
        var letters = begins.ExtractMostSignificantBits() & (ulong.MaxValue >> 1);
        var signs = Between(Vector512.AndNot(kinds, text).ExtractMostSignificantBits(), letters);
        var ofWord = (letters << 1) | (signs & (kinds + kinds).ExtractMostSignificantBits());
        var ends = ~(letters | (letters << 1) | signs);
        if (asksScript)
        {
            var alike = letters & Vector512.Equals(second, Vector512<byte>.Zero).ExtractMostSignificantBits();
            ends |= Asking(letters, alike, letters & ~((ofWord << 1) | (isInWord ? 1UL : 0)));
        }

        var end = BitOperations.TrailingZeroCount(ends);
        var folded = Vector512.ConditionalSelect(begins, first, Vector512.ConditionalSelect(goesOn, secondBefore, text));
        var taken = Vector512.LessThan(Places, Vector512.Create((byte)end));
        var kept = taken & ~(goesOn & Vector512.Equals(secondBefore, Vector512<byte>.Zero));
        written = BitOperations.PopCount(kept.ExtractMostSignificantBits());
        isChanged = (taken & ~Vector512.Equals(folded, text)) != Vector512<byte>.Zero;
        if (end == 0 || written > most)
        {
            return 0;
        }

        isInWord = ((ofWord >> (end - 1)) & 1) != 0;
        Avx512Vbmi2.Compress(Vector512<byte>.Zero, kept, folded).StoreUnsafe(ref to);
        return end;
    }

    // Signs of which, at most so many in a row, a letter follows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Between(ulong signs, ulong letters)
    {
        var before = letters;
        var found = 0UL;
        for (var i = 0; i < LetterPairs.MostSigns; i++)
        {
            before = signs & (before >> 1);
            found |= before;
        }

        return found;
    }

    // Where words begin of which it is not certain that they are read as Latin: too short ones, all letters of which look like ones of ASCII.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Asking(ulong letters, ulong alike, ulong starts)
    {
        var (going, asking) = (starts & alike, 0UL);
        for (var i = 1; i <= ScriptWords.Longest; i++)
        {
            var next = going << 2;
            asking |= (next & ~letters) >> (2 * i);
            asking |= going >> (2 * (i - 1)) & ~(ulong.MaxValue >> 2 >> (2 * (i - 1)));
            going = next & alike;
        }

        return asking;
    }

    private static Vector512<byte> Signs(int first) => Vector512.Create([.. Enumerable.Range(first, Width).Select(static b =>
        (byte)(LetterPairs.IsBetween((byte)b) ? Sign | (AsciiByte.IsDigit(b) ? Digit : 0) : 0))]);
}
