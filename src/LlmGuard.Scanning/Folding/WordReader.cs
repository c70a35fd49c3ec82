using System.Text;

namespace LlmGuard.Scanning.Folding;

/// <summary>Walks the words of a folded text: runs of letters, digits and marks; anything else separates.</summary>
/// <param name="utf8">The text.</param>
/// <param name="start">Offset of the first character to look at.</param>
internal ref struct WordReader(ReadOnlySpan<byte> utf8, int start = 0)
{
    // The bits of ASCII word characters; none of what separates.
    private static readonly uint[] AsciiBits =
        [.. Enumerable.Range(0, 0x80).Select(c => char.IsAsciiLetterOrDigit((char)c) ? Bit(c) : 0)];

    /// <summary>The bits of a mask that letters of the Latin alphabet have for themselves.</summary>
    public const uint AsciiWordBits = (1u << 26) - 1;

    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private int _next = start;

    /// <summary>First byte of the word.</summary>
    public int Start { get; private set; }

    /// <summary>The byte after the word.</summary>
    public readonly int End => _next;

    /// <summary>Length in code points.</summary>
    public int CodePoints { get; private set; }

    /// <summary>Which characters occur, see <see cref="Bit"/>.</summary>
    public uint Mask { get; private set; }

    /// <summary>Goes to the next word.</summary>
    public bool MoveNext()
    {
        var utf8 = _utf8;
        var offset = _next;
        while (offset < utf8.Length && !IsWordAt(utf8, offset, out _, out var skipped))
        {
            offset += skipped;
        }

        Start = offset;
        var (codePoints, mask) = (0, 0u);
        for (; offset < utf8.Length; codePoints++)
        {
            var b = utf8[offset];
            if (b < 0x80)
            {
                var bit = AsciiBits[b];
                if (bit == 0)
                {
                    break;
                }

                mask |= bit;
                offset++;
                continue;
            }

            if (!IsWordAt(utf8, offset, out var codePoint, out var length))
            {
                break;
            }

            offset += length;
            mask |= Bit(codePoint);
        }

        (_next, CodePoints, Mask) = (offset, codePoints, mask);
        return codePoints > 0;
    }

    /// <summary>Writes the code points of the current word.</summary>
    public readonly void CopyTo(Span<int> codePoints)
    {
        var count = 0;
        for (var offset = Start; offset < _next; count++)
        {
            IsWordAt(_utf8, offset, out codePoints[count], out var length);
            offset += length;
        }
    }

    /// <summary>The bit of a character in a mask: letters of the Latin alphabet have their own, all others share six.</summary>
    public static uint Bit(int codePoint) => 1u << (codePoint is >= 'a' and <= 'z' ? codePoint - 'a' : 26 + (codePoint % 6));

    /// <summary>Whether a word character begins at a byte.</summary>
    public static bool IsWordAt(ReadOnlySpan<byte> utf8, int offset, out int codePoint, out int length)
    {
        codePoint = utf8[offset];
        length = 1;
        if (codePoint < 0x80)
        {
            return char.IsAsciiLetterOrDigit((char)codePoint);
        }

        codePoint = CodePoint.Read(utf8, offset, out length);
        return WordCharacters.Contains(codePoint);
    }

    /// <summary>Whether the byte before an offset belongs to a word character.</summary>
    public static bool IsWordBefore(ReadOnlySpan<byte> utf8, int offset) =>
        offset > 0 && (utf8[offset - 1] < 0x80 ? AsciiBits[utf8[offset - 1]] != 0 : IsForeignWordBefore(utf8[..offset]));

    private static bool IsForeignWordBefore(ReadOnlySpan<byte> utf8)
    {
        // Letters of the scripts for which this is asked have two bytes.
        var two = utf8.Length - 2;
        return two >= 0 && utf8[two] is >= 0xC2 and < 0xE0
            ? WordCharacters.Contains(CodePoint.Read(utf8, two, out _))
            : Rune.DecodeLastFromUtf8(utf8, out var rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);
    }

    /// <summary>Whether a character belongs to words.</summary>
    public static bool IsWord(Rune rune) => WordCharacters.Contains(rune.Value);
}
