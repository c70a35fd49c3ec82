using System.Diagnostics.CodeAnalysis;

namespace LlmGuard.Scanning;

/// <summary>
/// A text, possibly not complete yet, as a verifier reads it: byte by byte, and it remembers whether the answer depended on bytes still to come.
/// </summary>
/// <param name="bytes">The bytes known so far, left context included.</param>
/// <param name="isEnd">Whether the text ends with them.</param>
internal ref struct ScanText(ReadOnlySpan<byte> bytes, bool isEnd)
{
    public readonly ReadOnlySpan<byte> Bytes = bytes;
    private readonly bool _isEnd = isEnd;

    /// <summary>Whether a byte beyond the end was asked for that may still come. Cleared by whoever starts a verifier.</summary>
    public bool HitEnd;

    /// <summary>
    /// How sure a verifier is of the match it states, see <see cref="Entities.Confidence"/>. Set by whoever starts it, lowered or raised by it.
    /// </summary>
    public byte Confidence;

    /// <summary>How sure a verifier has to be for its match to count. It need not tell a less sure one from none.</summary>
    public byte Least;

    /// <summary>
    /// Whether so much was read here in vain that a verifier is not to read without a short bound. Set by whoever starts it.
    /// </summary>
    public bool IsReadInVain;

    /// <summary>Where a long read ended that led to no sure match, or 0. Cleared by whoever starts a verifier.</summary>
    public int VainEnd;

    /// <summary>Where a name ends that detectors of assigned secrets looked at last, and what it says: several ask about the same one.</summary>
    internal (int End, Entities.Secrets.SecretKind Kind) LastName = (-1, default);

    /// <summary>Where words begin in the 64 bytes before an offset that was asked about last: several detectors ask about the same one.</summary>
    internal (int At, ulong Starts) LastWords = (-1, 0);

    /// <summary>Where a row of groups of digits was looked at last, and how many digits there are.</summary>
    internal (int Start, int End, int Digits) LastSeries;

    private int _rowAt = -1;
    private Entities.DigitRow _row;

    /// <summary>Bytes read so far: the measure of work that tests hold to a linear bound.</summary>
    public long Steps;

    public readonly int Length => Bytes.Length;

    /// <summary>The byte at an offset, or -1 outside the text.</summary>
    public int this[int offset]
    {
        get
        {
            Steps++;
            if ((uint)offset < (uint)Bytes.Length)
            {
                return Bytes[offset];
            }

            HitEnd |= offset >= Bytes.Length && !_isEnd;
            return -1;
        }
    }

    /// <summary>Where blanks and tabs end.</summary>
    /// <param name="at">Where they may begin.</param>
    /// <param name="most">How many are passed over at most.</param>
    public int AfterBlanks(int at, int most)
    {
        var offset = at;
        while (offset - at < most && this[offset] is ' ' or '\t')
        {
            offset++;
        }

        return offset;
    }

    /// <summary>The row of digits at an offset, looked at once for all who ask about the same one.</summary>
    [UnscopedRef]
    public ref readonly Entities.DigitRow RowAt(int offset)
    {
        if (_rowAt != offset)
        {
            Steps++;
            _rowAt = offset;
            _row.Read(Bytes, offset);
        }

        return ref _row;
    }

    /// <summary>Whether the bytes at an offset are an ASCII text, without regard to case.</summary>
    /// <param name="offset">Where to look.</param>
    /// <param name="lowerCase">The text in lower case.</param>
    public bool Follows(int offset, ReadOnlySpan<byte> lowerCase)
    {
        for (var i = 0; i < lowerCase.Length; i++)
        {
            var b = this[offset + i];
            if (b != lowerCase[i] && ((b | 0x20) != lowerCase[i] || !AsciiByte.IsLetter(b)))
            {
                return false;
            }
        }

        return true;
    }
}
