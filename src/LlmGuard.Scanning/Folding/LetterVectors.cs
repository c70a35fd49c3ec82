using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Folds up to eight letters of Cyrillic at once, those from U+0400 to U+045F, of which nearly all words of its languages consist. Immutable.
/// </summary>
/// <remarks>
/// Where a row of letters ends is told by their bytes alone, so that the next word need not wait for what becomes of this one. Both folded bytes of a
/// letter are looked up, and where it has only one the others move up.
/// </remarks>
internal sealed class LetterVectors
{
    /// <summary>Bytes that are read, and that are written over.</summary>
    public const int Width = 16;

    // Of two bytes each.
    private const int Letters = Width / 2;
    private const int Half = Letters / 2;

    private const int First = 0x400;
    private const int Sixteens = 6;

    // By which of four letters have one byte where their bytes stand, the first half of a vector's worth.
    private static readonly ulong[] Kept = [.. Enumerable.Range(0, 1 << Half).Select(Keep)];

    // For each sixteen letters the first bytes of what becomes of them, then the second ones; a letter of one byte has no second.
    private readonly Vector256<byte>[] _folded = new Vector256<byte>[Sixteens];

    /// <param name="fold">The bytes of what a code point becomes: a letter of ASCII alone or two; none where it is not to be folded here.</param>
    public LetterVectors(Func<int, (byte First, byte Second)> fold)
    {
        Span<byte> table = stackalloc byte[Vector256<byte>.Count];
        for (var sixteen = 0; sixteen < Sixteens; sixteen++)
        {
            for (var i = 0; i < Width; i++)
            {
                (table[i], table[Width + i]) = fold(First + (sixteen * Width) + i);
            }

            _folded[sixteen] = Vector256.Create<byte>(table);
        }
    }

    /// <summary>Whether such a letter may begin with a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayBegin(uint value) => (value & 0xFE) == 0xD0;

    /// <summary>Folds the letters that a text begins with, eight of them at most.</summary>
    /// <param name="from">The text, of at least <see cref="Width"/> bytes.</param>
    /// <param name="to">Receives the folded bytes; as many as are read may be written over.</param>
    /// <param name="asksScript">
    /// Whether a word begins that is left alone when it begins with a letter like one of ASCII, and may have to be read as one of its own script.
    /// </param>
    /// <param name="written">Receives how many folded bytes there are.</param>
    /// <param name="isChanged">Receives whether any of them differs from the text.</param>
    /// <returns>How many bytes of the text were folded.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Fold(ref byte from, ref byte to, bool asksScript, out int written, out bool isChanged)
    {
        var text = Vector128.LoadUnsafe(ref from);
        var pairs = text.AsUInt16();

        // D0 and a byte that goes on, or D1 and one of the first half of those.
        var areLetters = Vector128.Equals(pairs & Vector128.Create((ushort)0xC0FE), Vector128.Create((ushort)0x80D0))
            & ~Vector128.Equals(pairs & Vector128.Create((ushort)0x2001), Vector128.Create((ushort)0x2001));
        var length = BitOperations.TrailingZeroCount(~areLetters.AsByte().ExtractMostSignificantBits());
        var folded = LookUp(pairs);
        var refused = Vector128.Equals(folded, Vector128<ushort>.Zero).AsByte().ExtractMostSignificantBits() & ((1u << length) - 1);
        if (refused != 0)
        {
            length = BitOperations.TrailingZeroCount(refused);
        }

        var count = length / 2;
        var alone = Vector128.Equals(folded & Vector128.Create((ushort)0xFF00), Vector128<ushort>.Zero).AsInt16();
        var single = Sse2.PackSignedSaturate(alone, alone).ExtractMostSignificantBits() & ((1u << Letters) - 1);
        var among = single & ((1u << count) - 1);
        written = length - BitOperations.PopCount(among);
        isChanged = (~Vector128.Equals(folded, pairs).AsByte().ExtractMostSignificantBits() & ((1u << length) - 1)) != 0;
        if (asksScript && (single & 1) != 0 && count <= ScriptWords.Longest && BitOperations.PopCount(among) == count)
        {
            // All that is here of the word looks like Latin, and is not too long to be one by accident.
            return 0;
        }

        ref var kept = ref MemoryMarshal.GetArrayDataReference(Kept);
        var (low, high) = (single & ((1u << Half) - 1), single >> Half);
        var places = Vector128.Create(Unsafe.Add(ref kept, low), Unsafe.Add(ref kept, high) + 0x0808_0808_0808_0808).AsByte();
        var closed = Ssse3.Shuffle(folded.AsByte(), places).AsUInt64();
        Unsafe.WriteUnaligned(ref to, closed.ToScalar());
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, (2 * Half) - BitOperations.PopCount(low)), closed.GetElement(1));
        return length;
    }

    // The lower six bits of a letter's second byte and the lowest of its first tell it from the others: in one lane they look up the first folded
    // byte, in the other the second, each where it stands. Whatever is not of a sixteen has its highest bit set, for which there is nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<ushort> LookUp(Vector128<ushort> pairs)
    {
        var letters = ((pairs >>> 8) & Vector128.Create((ushort)0x3F)) | ((pairs << 6) & Vector128.Create((ushort)0x40));
        var asked = Vector256.Create(letters | Vector128.Create((ushort)0x8000), (letters << 8) | Vector128.Create((ushort)0x80)).AsByte();
        ref var tables = ref MemoryMarshal.GetArrayDataReference(_folded);
        var folded = Of(tables, asked, 0x00) | Of(Unsafe.Add(ref tables, 1), asked, 0x10) | Of(Unsafe.Add(ref tables, 2), asked, 0x20)
            | Of(Unsafe.Add(ref tables, 3), asked, 0x30) | Of(Unsafe.Add(ref tables, 4), asked, 0x40)
            | Of(Unsafe.Add(ref tables, 5), asked, 0x50);
        return (folded.GetLower() | folded.GetUpper()).AsUInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Of(Vector256<byte> table, Vector256<byte> asked, byte sixteen) =>
        Avx2.Shuffle(table, Avx2.AddSaturate(asked ^ Vector256.Create(sixteen), Vector256.Create((byte)0x70)));

    private static ulong Keep(int single)
    {
        var (places, count) = (0UL, 0);
        for (var letter = 0; letter < Half; letter++)
        {
            places |= (ulong)(2 * letter) << (8 * count++);
            if ((single >> letter & 1) == 0)
            {
                places |= (ulong)((2 * letter) + 1) << (8 * count++);
            }
        }

        return places;
    }
}
