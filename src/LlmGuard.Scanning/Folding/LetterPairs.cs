using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Folding;

/// <summary>Folds rows of letters of Greek, Cyrillic and Armenian, which have two bytes each. Immutable.</summary>
/// <remarks>
/// Each becomes one letter of ASCII, or stays or becomes one of two bytes; a few signs and digits of ASCII may stand between them. So the way back
/// needs no more than the folded bytes: a letter of ASCII was made from two bytes, every other byte from one (<see cref="OriginalLength"/>).
/// </remarks>
internal sealed class LetterPairs
{
    /// <summary>Most folded bytes of one row: what the way back may have to count.</summary>
    public const int LongestRow = 1024;

    /// <summary>Bytes behind a row that may be written over and are cleared again.</summary>
    public const int Slack = LetterBlocks.Width;

    // Letters of Latin with accents stand one by one between others.
    private const byte First = 0xCD;
    private const byte Last = 0xD6;

    // Between two letters of a row: ", " and " 42 ". What is longer is copied by vectors.
    internal const int MostSigns = 4;

    private const int WidthShift = 16;
    private const uint OfWord = 1 << 18;
    private const uint AsksScript = 1 << 19;
    private const uint IsLetter = 1 << 20;

    // From the code points on that begin with the first of these bytes.
    private readonly uint[] _letters = new uint[(Last - First + 1) << 6];
    private readonly LetterVectors _vectors;
    private readonly LetterBlocks _blocks;
    private readonly bool _asksScript;

    /// <param name="find">What a code point becomes, with the negative entries of <see cref="FoldTable"/>.</param>
    /// <param name="asksScript">Whether a letter that looks like one of ASCII may, where a word begins, have to be read as what it is.</param>
    private LetterPairs(Func<int, int> find, bool asksScript)
    {
        for (var letter = 0; letter < _letters.Length; letter++)
        {
            var codePoint = ((First & 0x1F) << 6) + letter;
            var folded = find(codePoint);
            var isLetter = Rune.IsLetter(new Rune(codePoint)) ? IsLetter : 0;
            if (folded is >= 0 and < 0x80 && AsciiByte.IsLetter(folded))
            {
                _letters[letter] = (uint)folded | (1u << WidthShift) | OfWord | (asksScript ? AsksScript : 0) | isLetter;
            }
            else if (folded is >= 0x80 and < 0x800)
            {
                _letters[letter] = (uint)(0xC0 | (folded >> 6)) | ((uint)(0x80 | (folded & 0x3F)) << 8) | (2u << WidthShift)
                    | (WordCharacters.Contains(folded) ? OfWord : 0) | isLetter;
            }
        }

        (_vectors, _blocks, _asksScript) = (new LetterVectors(FoldedOf), new LetterBlocks(FoldedOf), asksScript);
    }

    /// <summary>As <see cref="FoldTable"/> folds them.</summary>
    public static LetterPairs Folded { get; } = new(FoldTable.Find, asksScript: true);

    /// <summary>As <see cref="CasedFold"/> folds them.</summary>
    public static LetterPairs Cased { get; } = new(CasedFold.Find, asksScript: false);

    /// <summary>Whether such a letter may begin with a byte.</summary>
    public static bool MayBegin(byte value) => value is >= First and <= Last;

    /// <summary>How many bytes some folded ones of a row were made from.</summary>
    public static int OriginalLength(ReadOnlySpan<byte> folded)
    {
        var (length, at) = (folded.Length, 0);
        if (Vector256.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits256)
        {
            for (; at <= folded.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
            {
                var letters = (Vector256.Create(folded[at..]) | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a');
                length += BitOperations.PopCount(Vector256.LessThan(letters, Vector256.Create((byte)26)).ExtractMostSignificantBits());
            }
        }

        for (; at < folded.Length; at++)
        {
            length += AsciiByte.IsLetter(folded[at]) ? 1 : 0;
        }

        return length;
    }

    /// <summary>Folds the row that a text begins with, up to where its script has to be asked for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="room">
    /// Receives the folded bytes, at least one more than the limit, and zeros behind them; faster with <see cref="Slack"/> more than the limit.
    /// </param>
    /// <param name="limit">Folded bytes at which to end; a letter may take one more.</param>
    /// <param name="isInWord">Whether a word goes on, or its script need not be asked for.</param>
    /// <param name="written">Receives how many folded bytes there are.</param>
    /// <param name="isChanged">Receives whether any of them differs from the text.</param>
    /// <returns>How many bytes of the text were folded.</returns>
    public int Read(ReadOnlySpan<byte> text, Span<byte> room, int limit, bool isInWord, out int written, out bool isChanged)
    {
        var (at, count, changes) = (0, 0, 0u);
        var (last, full) = (text.Length - 1, Math.Min(limit, room.Length - 1));
        ref var from = ref MemoryMarshal.GetReference(text);
        ref var to = ref MemoryMarshal.GetReference(room);
        ref var letters = ref MemoryMarshal.GetArrayDataReference(_letters);

        // Up to here there is room for a vector and a space, and such a row goes on behind them.
        var (lastVector, fullVector) =
            Simd.Level >= SimdLevel.Bits256 ? (last - LetterVectors.Width, full - LetterVectors.Width - 1) : (-1, -1);
        var lastBlock = LetterBlocks.IsSupported ? room.Length - LetterBlocks.Width : -1;
        while (count < full && at < last)
        {
            uint first = Unsafe.Add(ref from, at), second = Unsafe.Add(ref from, at + 1);
            if (LetterVectors.MayBegin(first) && count <= lastBlock)
            {
                if (_blocks.Fold(text[at..], ref Unsafe.Add(ref to, count), full - count, _asksScript, ref isInWord,
                    out var ofBlock, out var isOtherBlock) is > 0 and var taken)
                {
                    changes |= isOtherBlock ? 1u : 0;
                    (at, count) = (at + taken, count + ofBlock);
                    continue;
                }

                // What it ends at, and what there is no room for, is looked at by less at once.
                lastBlock = -1;
            }

            if (Avx2.IsSupported && LetterVectors.MayBegin(first) && at < lastVector && count < fullVector
                && _vectors.Fold(ref Unsafe.Add(ref from, at), ref Unsafe.Add(ref to, count), !isInWord && _asksScript,
                    out var folded, out var isOther) is > 0 and var length)
            {
                changes |= isOther ? 1u : 0;
                (at, count, isInWord) = (at + length, count + folded, true);
                if (Unsafe.Add(ref from, at) == (byte)' ' && MayBegin(Unsafe.Add(ref from, at + 1)))
                {
                    Unsafe.Add(ref to, count++) = (byte)' ';
                    at++;
                    isInWord = false;
                }

                continue;
            }

            if (first < 0x80)
            {
                var signs = SignsBetween(ref Unsafe.Add(ref from, at), Math.Min(full - count, last - at));
                if (signs == 0)
                {
                    break;
                }

                for (var end = at + signs; at < end; at++)
                {
                    Unsafe.Add(ref to, count++) = Unsafe.Add(ref from, at);
                }

                isInWord = AsciiByte.IsDigit(Unsafe.Add(ref from, at - 1));
                continue;
            }

            if (first is < First or > Last || (second & 0xC0) != 0x80)
            {
                break;
            }

            var letter = Unsafe.Add(ref letters, (nint)(((first - First) << 6) | (second & 0x3F)));
            if (letter == 0 || (!isInWord && (letter & AsksScript) != 0 && !IsLatin(ref letters, ref Unsafe.Add(ref from, at), last - at)))
            {
                break;
            }

            // Both bytes, as a branch would be guessed wrongly in every other word; the next letter is written over the second where it is none.
            Unsafe.Add(ref to, count) = (byte)letter;
            Unsafe.Add(ref to, count + 1) = (byte)(letter >> 8);
            changes |= (ushort)letter ^ (first | (second << 8));
            count += (int)(letter >> WidthShift) & 3;
            isInWord = (letter & OfWord) != 0;
            at += 2;
        }

        // What was stored of more than counts.
        room.Slice(count, Math.Min(LetterVectors.Width, room.Length - count)).Clear();
        (written, isChanged) = (count, changes != 0);
        return at;
    }

    // What vectors need to know of a letter. They take every letter for one of a word.
    private (byte First, byte Second) FoldedOf(int codePoint)
    {
        var letter = _letters[codePoint - ((First & 0x1F) << 6)];
        return (letter & OfWord) == 0 || (letter & IsLetter) == 0 ? default : ((byte)letter, (byte)(letter >> 8));
    }

    // Whether a word that begins with a letter like one of ASCII is certainly none that is read as one of its own script (ScriptWords): soon a letter
    // follows that looks like none, or too many follow.
    private static bool IsLatin(ref uint letters, ref byte from, int last)
    {
        for (var (at, count) = (0, 0); at < last; at += 2)
        {
            uint first = Unsafe.Add(ref from, at), second = Unsafe.Add(ref from, at + 1);
            if (first is < First or > Last || (second & 0xC0) != 0x80)
            {
                return false;
            }

            var letter = Unsafe.Add(ref letters, (nint)(((first - First) << 6) | (second & 0x3F)));
            if ((letter & IsLetter) == 0)
            {
                return false;
            }

            if ((letter & AsksScript) == 0 || ++count > ScriptWords.Longest)
            {
                return true;
            }
        }

        return false;
    }

    // How many signs and digits stand before the next letter, of which there may be so many; 0 where something else comes first.
    private static int SignsBetween(ref byte from, int most)
    {
        for (var count = 0; count < Math.Min(most, MostSigns);)
        {
            if (!IsBetween(Unsafe.Add(ref from, count)))
            {
                return 0;
            }

            if (MayBegin(Unsafe.Add(ref from, ++count)))
            {
                return count;
            }
        }

        return 0;
    }

    // Visible ASCII and white space, but for letters and the signs with which escapes begin.
    internal static bool IsBetween(byte value) =>
        value == ' ' || (PlainAscii.IsKept(value) && !AsciiByte.IsLetter(value) && !EscapeSigns.IsSign(value));
}
