using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>
/// Spellings that a model reads and a lexicon does not: rotated letters, words backwards, sentences in parts, digits for letters, letters with
/// spaces or points between them.
/// </summary>
internal static class PlayfulSpelling
{
    // Characters of the writings of East Asia have three bytes.
    private const int Syllable = 3;
    private const byte FirstSyllable = 0xE3;
    private const byte LastSyllable = 0xED;

    // Signs between two syllables, and how many syllables are joined before anybody is playing: "것 수 더 안" are words.
    private const int MostBetween = 3;
    private const int LeastJoined = 4;

    // Quoted texts that are joined.
    private const int LeastQuoted = 2;

    private static readonly System.Buffers.SearchValues<byte> LetterLike = System.Buffers.SearchValues.Create("01!34@5$7"u8);

    // "ignore", "forget", "disregard", "instruction", "previous", "prompt", "restrict", "pretend", "response" and so on, rotated by thirteen.
    private static readonly string[] RotatedWords =
        ["vtaber", "sbetrg", "qvfertneq", "vafgehpgvba", "cerivbhf", "cebzcg", "erfgevpg", "cergraq", "erfcbafr", "flfgrz", "hasvygre"];

    // The same, backwards.
    private static readonly string[] ReversedWords =
        ["erongi", "tegrof", "drageresid", "snoitcurtsni", "suoiverp", "tpmorp", "drowssap", "noitcurtsni"];

    private static readonly LiteralSet<bool> Rotated = new((RotatedWords, true));
    private static readonly LiteralSet<bool> Reversed = new((ReversedWords, true));

    // Besides the plus sign.
    private static readonly LiteralSet<bool> Joining = new((["concat", "combine", "join "], true));

    /// <summary>One of these stands in every text that <see cref="Rotate"/> or <see cref="Reverse"/> reads.</summary>
    public static IReadOnlyList<string> Signs => [.. RotatedWords, .. ReversedWords];

    /// <summary>Signs that stand for letters between letters, two of which stand in every text that <see cref="ReadDigits"/> reads.</summary>
    public static bool IsLetterSign(byte value) => Letter(value) != value;

    /// <summary>Writes the reading into a buffer of the text's length, if the text may be spelt so.</summary>
    /// <returns>How many bytes the reading has; 0 when there is none.</returns>
    public static int Rotate(ReadOnlySpan<byte> text, Span<byte> reading)
    {
        if (Rotated.Find(text, 0, out _, out _) < 0)
        {
            return 0;
        }

        for (var i = 0; i < text.Length; i++)
        {
            reading[i] = AsciiByte.IsLower(text[i]) ? (byte)('a' + ((text[i] - 'a' + 13) % 26)) : text[i];
        }

        return text.Length;
    }

    /// <inheritdoc cref="Rotate"/>
    public static int Reverse(ReadOnlySpan<byte> text, Span<byte> reading)
    {
        if (Reversed.Find(text, 0, out _, out _) < 0)
        {
            return 0;
        }

        text.CopyTo(reading);
        reading[..text.Length].Reverse();
        return text.Length;
    }

    /// <summary>Puts together what a text joins with plus signs: "a = 'ignore all ', b = 'instructions'; a + b".</summary>
    /// <inheritdoc cref="Rotate"/>
    public static int JoinQuoted(ReadOnlySpan<byte> text, Span<byte> reading)
    {
        // Two texts at the least, each of which has two quotes.
        var quote = text.Contains((byte)'"') ? (byte)'"' : (byte)'\'';
        if (text.Count(quote) < 2 * LeastQuoted || (text.IndexOf((byte)'+') < 0 && Joining.Find(text, 0, out _, out _) < 0))
        {
            return 0;
        }

        var (count, quoted) = (0, 0);
        for (var at = 0; at < text.Length && text[at..].IndexOf(quote) is >= 0 and var opening;)
        {
            at += opening + 1;
            var length = text[at..].IndexOf(quote);
            if (length < 0)
            {
                break;
            }

            // "don't": no text begins within a word.
            if (quote == '\'' && at > 1 && AsciiByte.IsAlphanumeric(text[at - 2]))
            {
                continue;
            }

            // "ignore all" and "previous": two words, where both are known.
            if (quoted > 0 && count > 0 && EndsWithWord(reading[..count]) && StartsWithWord(text.Slice(at, length)))
            {
                reading[count++] = (byte)' ';
            }

            text.Slice(at, length).CopyTo(reading[count..]);
            (count, quoted, at) = (count + length, quoted + 1, at + length + 1);
        }

        return quoted >= LeastQuoted ? count : 0;
    }

    private static bool EndsWithWord(ReadOnlySpan<byte> text)
    {
        var end = text[Math.Max(0, text.Length - WordReader.LongestWord)..];
        return IsWord(end[(end.LastIndexOfAnyExceptInRange((byte)'a', (byte)'z') + 1)..]);
    }

    private static bool StartsWithWord(ReadOnlySpan<byte> text)
    {
        var start = text[..Math.Min(text.Length, WordReader.LongestWord)];
        return IsWord(start[..(start.IndexOfAnyExceptInRange((byte)'a', (byte)'z') is >= 0 and var end ? end : start.Length)]);
    }

    private static bool IsWord(ReadOnlySpan<byte> word) => word.Length > 1 && Lexicon.FindExact(word) != WordClass.None;

    /// <inheritdoc cref="Rotate"/>
    public static int ReadDigits(ReadOnlySpan<byte> text, Span<byte> reading)
    {
        if (!MayMix(text))
        {
            return 0;
        }

        for (var at = 0; at < text.Length;)
        {
            var (end, letters) = (at, 0);
            while (end < text.Length && (AsciiByte.IsLower(text[end]) || Letter(text[end]) != text[end]))
            {
                letters += AsciiByte.IsLower(text[end]) ? 1 : 0;
                end++;
            }

            // Dates, versions and amounts have few letters or none.
            var isWord = letters * 3 >= end - at;
            for (; at < end; at++)
            {
                reading[at] = isWord ? Letter(text[at]) : text[at];
            }

            if (at < text.Length)
            {
                reading[at] = text[at++];
            }
        }

        return text.Length;
    }

    /// <inheritdoc cref="Rotate"/>
    public static int JoinLetters(ReadOnlySpan<byte> text, Span<byte> reading)
    {
        var (single, count) = (0, 0);
        var joint = Joint(text);
        if (text.Count(joint) * 3 <= text.Length)
        {
            return 0;
        }

        for (var i = 0; i < text.Length; i++)
        {
            // "i g n o r e   a l l": one sign is within a word, three are between words.
            if (text[i] == joint && i > 0 && i + 1 < text.Length && text[i - 1] != text[i] && text[i + 1] != text[i]
                && (i < 2 || IsSeparator(text[i - 2])))
            {
                single++;
                continue;
            }

            reading[count++] = text[i];
        }

        return single >= 8 && single * 4 > text.Length ? count : 0;
    }

    /// <summary>Puts syllables together that have signs between them: "시 스 템", "시@스@템".</summary>
    /// <inheritdoc cref="Rotate"/>
    public static int JoinSyllables(ReadOnlySpan<byte> text, Span<byte> reading)
    {
        if (text.IndexOfAnyInRange(FirstSyllable, LastSyllable) < 0)
        {
            return 0;
        }

        // A syllable stands alone where no other is next to it on either side.
        var (count, row, most, isAlone) = (0, 0, 0, true);
        for (var at = 0; at < text.Length;)
        {
            if (!IsSyllable(text, at))
            {
                (row, isAlone) = (0, IsBetween(text[at]));
                reading[count++] = text[at++];
                continue;
            }

            text.Slice(at, Syllable).CopyTo(reading[count..]);
            (at, count) = (at + Syllable, count + Syllable);
            var next = at;
            while (next < text.Length && next < at + MostBetween && IsBetween(text[next]))
            {
                next++;
            }

            // One that follows it without a sign, or that has one next to it, is of a word of its own.
            var isJoined = isAlone && next > at && IsSyllable(text, next) && !IsSyllable(text, next + Syllable);
            row = isJoined ? row + 1 : 0;
            most = Math.Max(most, row);
            (at, isAlone) = isJoined ? (next, true) : (at, false);
        }

        return most >= LeastJoined ? count : 0;
    }

    private static bool IsSyllable(ReadOnlySpan<byte> text, int at) =>
        at + Syllable <= text.Length && text[at] is >= FirstSyllable and <= LastSyllable;

    private static bool IsBetween(byte b) =>
        b is (byte)' ' or (byte)'@' or (byte)'^' or (byte)'*' or (byte)'_' or (byte)'.' or (byte)'-' or (byte)'~';

    // Whether two signs stand between letters, found without reading the letters.
    private static bool MayMix(ReadOnlySpan<byte> text)
    {
        var mixed = 0;
        for (var at = 0; mixed < 2 && text[at..].IndexOfAny(LetterLike) is >= 0 and var found; at += found + 1)
        {
            var i = at + found;
            mixed += i > 0 && AsciiByte.IsLower(text[i - 1]) && i + 1 < text.Length && AsciiByte.IsLower(text[i + 1]) ? 1 : 0;
        }

        return mixed >= 2;
    }

    // Where letters are joined by points, a space is what it always was.
    private static byte Joint(ReadOnlySpan<byte> text)
    {
        var (joint, most) = ((byte)' ', text.Count((byte)' '));
        foreach (var sign in ".-_"u8)
        {
            var count = text.Count(sign);
            (joint, most) = count > most ? (sign, count) : (joint, most);
        }

        return joint;
    }

    private static byte Letter(byte sign) => sign switch
    {
        (byte)'0' => (byte)'o',
        (byte)'1' or (byte)'!' => (byte)'i',
        (byte)'3' => (byte)'e',
        (byte)'4' or (byte)'@' => (byte)'a',
        (byte)'5' or (byte)'$' => (byte)'s',
        (byte)'7' => (byte)'t',
        _ => sign,
    };

    private static bool IsSeparator(byte b) => b is (byte)' ' or (byte)'.' or (byte)'-' or (byte)'_';
}
