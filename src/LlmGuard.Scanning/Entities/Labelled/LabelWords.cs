using System.Numerics;
using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Labelled;

/// <summary>Words that say what stands behind them. Immutable.</summary>
/// <remarks>
/// Most numbers have none of them before, so that has to be seen quickly: which of the bytes before begin a word is seen for all at once, and so
/// is which of these words may be a label.
/// </remarks>
internal sealed class LabelWords
{
    /// <summary>Most bytes before an offset in which a word may begin.</summary>
    public const int MaxReach = 63;

    private readonly byte[][]?[] _byFirst = new byte[26][][];
    private readonly WordHints _hints;

    /// <param name="words">The words in lower case, each beginning with a letter of ASCII; a star at the end stands for any letters.</param>
    public LabelWords(params string[] words)
    {
        if (words.Any(static word => word.Length < 2 || AsciiByte.IsDigit(word[1])))
        {
            throw new ArgumentException("A label begins with two characters of which the second is no digit.", nameof(words));
        }

        foreach (var group in words.Select(Encoding.UTF8.GetBytes).GroupBy(static word => word[0]))
        {
            _byFirst[group.Key - 'a'] = [.. group];
        }

        _hints = new WordHints(words.Select(static word => word.TrimEnd('*')));
    }

    /// <summary>How each of the words begins.</summary>
    public IEnumerable<Opening> Openings => _byFirst.SelectMany(static words => words ?? []).Select(static word =>
        word[^1] == '*' ? Opening.Word(word.AsSpan(..^1)) : Opening.Word(word, static b => !AsciiByte.IsLetter(b)));

    /// <summary>Whether a word is one of some, in any case.</summary>
    public static bool IsOneOf(ReadOnlySpan<byte> word, byte[][] words)
    {
        foreach (var one in words)
        {
            if (Ascii.EqualsIgnoreCase(word, one))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one of the words begins with a byte.</summary>
    public bool Begins(byte value) => AsciiByte.IsLetter(value) && _byFirst[(value | 0x20) - 'a'] is not null;

    /// <summary>Whether one of the words stands at the offset of a letter.</summary>
    public bool StandAt(ref ScanText text, int at) => AnyStands(ref text, at, int.MaxValue);

    /// <summary>Whether one of the words starts in the bytes before an offset, on the same line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset of a byte of it.</param>
    /// <param name="reach">How many bytes before, at most <see cref="MaxReach"/>.</param>
    public bool Precede(ref ScanText text, int at, int reach)
    {
        for (var starts = Starts(text.Bytes, at, WordsBefore(ref text, at), reach); starts != 0; starts &= starts - 1)
        {
            var offset = at - Bytes64.Count + BitOperations.TrailingZeroCount(starts);
            text.Steps++;
            if (AnyStands(ref text, offset, at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the last of the words starts that stand in the bytes before an offset, on the same line, or -1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset of a byte of it.</param>
    /// <param name="reach">How many bytes before, at most <see cref="MaxReach"/>.</param>
    public int LastBefore(ref ScanText text, int at, int reach)
    {
        for (var starts = Starts(text.Bytes, at, WordsBefore(ref text, at), reach); starts != 0;)
        {
            var last = BitOperations.Log2(starts);
            var offset = at - Bytes64.Count + last;
            text.Steps++;
            if (AnyStands(ref text, offset, at))
            {
                return offset;
            }

            starts &= ~(1UL << last);
        }

        return -1;
    }

    /// <summary>Whether any word that may be a label of some kind starts in the 64 bytes before an offset, on the same line.</summary>
    public static bool AnyPrecedes(ref ScanText text, int at) => WordsBefore(ref text, at) != 0;

    /// <summary>Whether one of the words may start in the bytes before an offset: says "perhaps" too often and "no" never wrongly.</summary>
    /// <param name="text">The text, of which 64 bytes before the offset are known, or all there are.</param>
    /// <param name="at">The offset of a byte of it.</param>
    /// <param name="reach">How many bytes before, at most <see cref="MaxReach"/>.</param>
    public bool MayPrecede(ReadOnlySpan<byte> text, int at, int reach)
    {
        // There is hardly ever one, whatever words there are.
        Span<byte> copy = stackalloc byte[Bytes64.Count];
        ref var before = ref Bytes64.Before(text, at, copy);
        var starts = _hints.AtOnce(ref before) & (ulong.MaxValue << (Bytes64.Count - reach));
        return starts != 0 && _hints.In(ref before, starts & WordsIn(ref before)) != 0;
    }

    // Of the words that begin before an offset those that may be labels.
    private ulong Starts(ReadOnlySpan<byte> text, int at, ulong words, int reach)
    {
        words &= ulong.MaxValue << (Bytes64.Count - reach);
        Span<byte> copy = stackalloc byte[Bytes64.Count];
        return words == 0 ? 0 : _hints.In(ref Bytes64.Before(text, at, copy), words);
    }

    private static ulong WordsBefore(ref ScanText text, int at)
    {
        text.Steps++;
        if (text.LastWords.At != at)
        {
            Span<byte> copy = stackalloc byte[Bytes64.Count];
            text.LastWords = (at, WordsIn(ref Bytes64.Before(text.Bytes, at, copy)));
        }

        return text.LastWords.Starts;
    }

    // Where words begin that stand on the same line as what is behind the bytes, also those within a name: "homePhone". No label has a digit behind
    // its first letter, so that nothing has to be looked up in rows of numbers.
    private static ulong WordsIn(ref byte before)
    {
        var (letters, capitals, digits) = (Bytes64.Letters(ref before), Bytes64.Capitals(ref before), Bytes64.Digits(ref before));
        var lineEnds = Bytes64.Are(ref before, '\n');
        var starts = ((letters & ~((letters | digits) << 1)) | (capitals & ((letters & ~capitals) << 1))) & ~(digits >> 1);
        return lineEnds == 0 ? starts : starts & ~(ulong.MaxValue >> BitOperations.LeadingZeroCount(lineEnds));
    }

    private bool AnyStands(ref ScanText text, int offset, int at)
    {
        foreach (var word in _byFirst[(text.Bytes[offset] | 0x20) - 'a'] ?? [])
        {
            if (Stands(ref text, offset, at, word))
            {
                return true;
            }
        }

        return false;
    }

    // A star at the end of a word stands for any letters that may follow.
    private static bool Stands(ref ScanText text, int offset, int at, ReadOnlySpan<byte> word)
    {
        var isStem = word[^1] == '*';
        var letters = isStem ? word[..^1] : word;
        return offset + letters.Length <= at && text.Follows(offset, letters)
            && (isStem || !AsciiByte.IsLetter(letters[^1]) || !AsciiByte.IsLetter(text[offset + letters.Length]));
    }
}
