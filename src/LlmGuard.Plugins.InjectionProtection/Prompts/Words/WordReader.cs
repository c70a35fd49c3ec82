using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>Divides a text into words and sentences. Rows of letters without spaces between their words are divided by the lexicon.</summary>
internal static class WordReader
{
    /// <summary>Bytes of the longest word that is looked up.</summary>
    public const int LongestWord = 48;

    /// <summary>The first byte of a letter of Hebrew and of the writings behind it; Latin, Greek and Cyrillic have spaces between words.</summary>
    public const byte FirstGlued = 0xD6;

    private static ReadOnlySpan<byte> FullStop => [0xE3, 0x80, 0x82];

    /// <param name="text">The text, folded and in lower case.</param>
    /// <param name="words">Receives the words.</param>
    public static void Read(ReadOnlySpan<byte> text, WordRow words)
    {
        words.Clear();
        var state = new SentenceState(0, true, false);
        for (var at = 0; at < text.Length;)
        {
            // A line ends its sentence and what is quoted, so that lines can be read apart.
            var foreign = text[at..].IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            var line = foreign < 0 ? text.Length : at + text.Slice(at, foreign).LastIndexOf((byte)'\n') + 1;
            if (line > at)
            {
                PlainWordReader.Read(text[..line], at, ref state, words);
            }

            at = line;
            if (foreign >= 0)
            {
                var rest = text[line..];
                at = line + (rest.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : rest.Length);
                ReadMixed(text[..at], line, ref state, words);
            }
        }

        words.Seal();
    }

    /// <summary>Reads words from an offset on to the end of a text.</summary>
    internal static void ReadMixed(ReadOnlySpan<byte> text, int from, ref SentenceState state, WordRow words)
    {
        var (sentence, isStart, isQuoted) = state;
        var letters = new LetterRuns(text);
        for (var at = from; at < text.Length;)
        {
            var b = text[at];
            if (b == (byte)' ')
            {
                at++;
                continue;
            }

            if (!IsWord(b) || IsQuote(text, at))
            {
                if (Divides(text, at))
                {
                    isQuoted = b == (byte)'\n' ? false : IsQuote(text, at) ? !isQuoted : isQuoted;
                    sentence += isStart ? 0 : 1;
                    isStart = true;
                }

                at += IsWord(b) ? 3 : 1;
                continue;
            }

            var start = at;
            var first = b < 0x80 ? letters.EndOf(start) : start;
            for (at = first; at < text.Length && IsInWord(text, at, start) && (text[at] < 0xE0 || b >= FirstGlued);)
            {
                at = text[at] < 0x80 ? letters.EndOf(at + 1) : EndOfForeign(text, at + 1, b >= FirstGlued);
            }

            start += at > first ? Article(text[start..at]) : 0;
            if (b >= FirstGlued && b < 0xF0)
            {
                ReadGlued(text, start, at, ref sentence, ref isStart, isQuoted, words);
                continue;
            }

            words.Add(new Word(at - start <= LongestWord ? Lexicon.Find(text[start..at]) : WordClass.None, start, at, sentence, isStart, isQuoted));
            isStart = false;
        }

        state = new SentenceState(sentence, isStart, isQuoted);
    }

    /// <summary>Bytes of the article that a word begins with: in "l'assistant" and "dell'utente" it is a word of its own.</summary>
    public static int Article(ReadOnlySpan<byte> word) =>
        word.IndexOf((byte)'\'') is > 0 and var apostrophe && IsElided(word[..apostrophe]) ? apostrophe + 1 : 0;

    private static void ReadGlued(ReadOnlySpan<byte> text, int start, int end, ref int sentence, ref bool isStart, bool isQuoted, WordRow words)
    {
        var row = text[start..end];
        if (row.Length <= LongestWord && Lexicon.FindExact(row) is not WordClass.None and var exact)
        {
            words.Add(new Word(exact, start, end, sentence, isStart, isQuoted));
            isStart = false;
            return;
        }

        var any = false;
        for (var from = 0; from < row.Length;)
        {
            var found = Lexicon.FindStem(row, from, out var length, out var meaning);
            var stop = row[from..(found < 0 ? row.Length : found)].IndexOf(FullStop);
            if (stop >= 0)
            {
                sentence++;
                (isStart, from) = (true, from + stop + FullStop.Length);
                continue;
            }

            if (found < 0)
            {
                break;
            }

            words.Add(new Word(meaning, start + found, start + found + length, sentence, isStart, isQuoted));
            (isStart, any, from) = (false, true, found + length);
        }

        if (!any)
        {
            words.Add(new Word(WordClass.None, start, end, sentence, isStart, isQuoted));
            isStart = false;
        }
    }

    // Where letters outside ASCII end that go on a word; those that have no spaces between their words go on no other.
    private static int EndOfForeign(ReadOnlySpan<byte> text, int at, bool isGlued)
    {
        for (; at < text.Length && text[at] >= 0x80; at++)
        {
            if (text[at] >= 0xE0 && (!isGlued || (text[at] <= 0xE3 && IsQuote(text, at))))
            {
                break;
            }
        }

        return at;
    }

    private static bool IsElided(ReadOnlySpan<byte> article) =>
        article.SequenceEqual("l"u8) || article.SequenceEqual("d"u8) || article.SequenceEqual("qu"u8) || article.EndsWith("ll"u8);

    private static bool Divides(ReadOnlySpan<byte> text, int at) => text[at] switch
    {
        (byte)'\n' or (byte)'|' or (byte)'{' or (byte)'[' or (byte)'<' or (byte)'"' or (byte)'`' => true,
        (byte)'.' or (byte)'!' or (byte)'?' or (byte)':' or (byte)'>' or (byte)'\'' or (byte)'}' => Ends(text, at),
        >= 0x80 => true,
        _ => false,
    };

    // Quotation marks of typography: “ ” „ (E2 80 9C to 9E); guillemets are C2 AB and C2 BB, the corner brackets E3 80 8C and 8D.
    private static bool IsQuote(ReadOnlySpan<byte> text, int at) =>
        text[at] is (byte)'"' or (byte)'`'
        || (text[at] == 0xE2 && at + 2 < text.Length && text[at + 1] == 0x80 && text[at + 2] is >= 0x9C and <= 0x9E)
        || (text[at] == 0xE3 && at + 2 < text.Length && text[at + 1] == 0x80 && text[at + 2] is 0x8C or 0x8D);

    private static bool IsInWord(ReadOnlySpan<byte> text, int at, int start) =>
        (IsWord(text[at]) && !IsQuote(text, at))
        || (text[at] is (byte)'\'' or (byte)'-' && at > start && at + 1 < text.Length && AsciiByte.IsLetter(text[at + 1]));

    private static bool IsWord(byte b) => AsciiByte.IsAlphanumeric(b) || b >= 0x80 || b == '_';

    // A point within an abbreviation or a number ends nothing.
    private static bool Ends(ReadOnlySpan<byte> text, int at) =>
        at + 1 >= text.Length || text[at + 1] is <= (byte)' ' or (byte)'"' or (byte)'\'' or (byte)')'
        || text[at] is (byte)'>' or (byte)'}' or (byte)'\''
        || (text[at] == (byte)'.' && AsciiByte.IsLetter(text[at + 1]));
}
